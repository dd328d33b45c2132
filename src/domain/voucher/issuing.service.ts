import type pg from 'pg';
import { inTransaction, isUniqueViolation } from '../../database/transaction.ts';
import type { Actor } from '../access/roles.ts';
import { writeAudit } from '../audit/audit-writer.ts';
import { HOME_CLOCK } from '../campaign/campaign.rules.ts';
import type { CampaignService } from '../campaign/campaign.service.ts';
import { keepTerms } from '../campaign/terms-lock.ts';
import type { CodeService } from '../code/code.service.ts';
import type { CodePlace } from '../code/code.types.ts';
import { housePattern, ownPattern } from '../code/code-growth.ts';
import type { CustomerService } from '../customer/customer.service.ts';
import { checkIdempotencyKey } from '../decision/check-basket.ts';
import type { CampaignTerms, Failure } from '../decision/decision.types.ts';
import { type IssueSetting, issueCounters, issueFailures } from '../decision/issue.ts';
import { writeEvents } from '../ledger/ledger-writer.ts';
import { refuseFaults } from '../redemption/preparation.ts';
import type { RejectionRecord } from '../redemption/redemption.types.ts';
import { readRejections } from '../redemption/redemption-reader.ts';
import { writeRejections } from '../rejection/rejection-writer.ts';
import { businessDay } from '../shared/business-time.ts';
import { sha256 } from '../shared/canonical.ts';
import { type Clock, instantText } from '../shared/clock.ts';
import { badInput, forbidden, type InputFault, notFound } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { StoreService } from '../store/store.service.ts';
import type { IssueAnswer, IssueCommand } from './issuing.types.ts';
import { countUses, lockCounters, PatternUnread, takeVouchers } from './voucher-taker.ts';

type StoredIssue =
  | { readonly kind: 'issued'; readonly patternId: number; readonly index: number }
  | { readonly kind: 'refused'; readonly rejectionIds: readonly string[] };

export interface IssuingMeans {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly campaigns: CampaignService;
  readonly codes: CodeService;
  readonly customers: CustomerService;
  readonly stores: StoreService;
  written(): void;
}

const TRIES = 6;

/** Nothing was done: these campaigns were changed elsewhere a moment ago. */
class StaleTerms extends Error {
  readonly campaignIds: readonly string[];
  constructor(campaignIds: readonly string[]) {
    super('Campaigns have to be read anew before a voucher can be issued.');
    this.campaignIds = campaignIds;
  }
}

/** Gives a voucher of a campaign to a customer: the next code nobody has, or a new one. Once for each key. */
export class IssuingService {
  readonly #means: IssuingMeans;

  constructor(means: IssuingMeans) {
    this.#means = means;
  }

  async issue(actor: Actor, command: IssueCommand): Promise<IssueAnswer> {
    refuseFaults([...checkIdempotencyKey(command.idempotencyKey), ...checkTime(command)]);
    const { campaigns, customers, pool } = this.#means;
    if (!campaigns.terms(command.campaignId)) await campaigns.refresh([command.campaignId]);
    const campaign = this.#terms(actor, command.campaignId);
    if (campaign.incentive === null)
      throw badInput({ path: 'input.campaignId', message: 'A main campaign has no vouchers of its own: name one of its sub-campaigns.' });
    const customer = await customers.resolve(command.customer, 'create', 'input.customer');
    const hash = sha256(
      JSON.stringify([
        command.campaignId,
        command.customer.id ?? null,
        command.customer.phone ?? null,
        command.customer.email ?? null,
        command.validUntil,
        ...(command.validFrom ? [command.validFrom] : []),
      ]),
    );
    // The pattern has to be known here before a code is made in it.
    const growth = (await ownPattern(pool, this.#means.codes, campaign.id)) ?? (await housePattern(this.#means.codes));
    await this.#means.codes.refresh();
    for (let attempt = 1; ; attempt += 1) {
      try {
        const terms = this.#terms(actor, campaign.id);
        const answer = await inTransaction(pool, (client) =>
          this.#once(client, actor, command, terms, growth, customer.unknownId ? null : customer.id, hash),
        );
        this.#means.written();
        return answer;
      } catch (error) {
        // A twin of the key was committed first, or its code was: look again.
        if (attempt === TRIES || !(isUniqueViolation(error) || error instanceof PatternUnread || error instanceof StaleTerms)) throw error;
        if (error instanceof StaleTerms) await campaigns.refresh(error.campaignIds);
        else await this.#means.codes.refresh();
      }
    }
  }

  #terms(actor: Actor, campaignId: string): CampaignTerms {
    const campaign = this.#means.campaigns.terms(campaignId);
    if (!campaign) throw notFound('campaign', campaignId);
    this.#refuseCaller(actor, campaign);
    return campaign;
  }

  #refuseCaller(actor: Actor, campaign: CampaignTerms): void {
    if (actor.role !== 'TILL') return;
    if (campaign.distribution !== 'CUSTOMER') throw forbidden('A till gives out vouchers of CUSTOMER campaigns only.');
    if (campaign.storeIds !== null && !campaign.storeIds.some((id) => actor.storeIds?.includes(id)))
      throw forbidden('This campaign holds in none of the stores of this key.');
  }

  async #once(
    client: pg.PoolClient,
    actor: Actor,
    command: IssueCommand,
    campaign: CampaignTerms,
    growth: number,
    customerId: string | null,
    hash: string,
  ): Promise<IssueAnswer> {
    const now = this.#means.clock.now();
    const { rows } = await client.query<{ input_hash: string; answer: StoredIssue }>(
      "select input_hash, answer from idempotency where scope = 'issueVoucher' and key = $1",
      [command.idempotencyKey],
    );
    if (rows[0]) {
      if (rows[0].input_hash !== hash)
        return this.#refuse(client, actor, command, campaign, customerId, [{ reason: 'IDEMPOTENCY_KEY_REUSED', facts: {} }], null);
      const { answer } = rows[0];
      return answer.kind === 'issued'
        ? { ...answer, replayed: true }
        : { kind: 'refused', rejections: await readRejections(client, answer.rejectionIds), replayed: true };
    }
    if (customerId === null) return this.#refuse(client, actor, command, campaign, null, [{ reason: 'CUSTOMER_UNKNOWN', facts: {} }], hash);
    const stale = await keepTerms(client, [campaign]);
    if (stale.length > 0) throw new StaleTerms(stale);
    const setting = this.#setting(actor, campaign, customerId, now);
    const uses = issueCounters(campaign, setting);
    const counters = await lockCounters(client, uses);
    const failures = issueFailures(campaign, setting, (key) => counters.get(key) ?? { used: 0, held: 0, heldUntil: null });
    if (failures.length > 0) return this.#refuse(client, actor, command, campaign, customerId, failures, hash);
    const place = await this.#take(client, actor, campaign, growth, customerId, command, setting);
    // Codes before counts, as wherever vouchers are issued: who goes the other way waits in a ring.
    await countUses(client, uses);
    await client.query("insert into idempotency (scope, key, input_hash, answer, created_at) values ('issueVoucher', $1, $2, $3, $4)", [
      command.idempotencyKey,
      hash,
      JSON.stringify({ kind: 'issued', ...place }),
      instantText(now),
    ]);
    await writeAudit(client, {
      at: now,
      actorId: actor.id,
      operation: 'issueVoucher',
      subjectId: this.#means.codes.voucherId(place),
      before: { status: 'CREATED' },
      after: { status: 'ISSUED', campaignId: campaign.id, customerId, validUntil: command.validUntil },
    });
    return { kind: 'issued', ...place, replayed: false };
  }

  #setting(actor: Actor, campaign: CampaignTerms, customerId: string, now: number): IssueSetting {
    const own = actor.role === 'TILL' && actor.storeIds?.length === 1 ? actor.storeIds[0] : undefined;
    const storeId = own ?? (campaign.storeIds?.length === 1 ? campaign.storeIds[0] : undefined) ?? null;
    const clock = this.#means.stores.terms(storeId ?? campaign.storeIds?.[0] ?? '') ?? HOME_CLOCK;
    return { now, clock, storeId, tillKey: actor.role === 'TILL' ? actor.id : null, customerId };
  }

  async #take(
    client: pg.PoolClient,
    actor: Actor,
    campaign: CampaignTerms,
    growth: number,
    customerId: string,
    command: IssueCommand,
    { now, clock, storeId, tillKey }: IssueSetting,
  ): Promise<CodePlace> {
    const { codes } = this.#means;
    const { validFrom = null, validUntil } = command;
    const grant = { campaign, count: 1, growth: () => growth, customerId, validFrom, validUntil, sourceOrderId: null, now };
    const [taken] = await takeVouchers(client, codes, grant);
    if (!taken) throw new Error(`No voucher of campaign ${campaign.id} was taken.`);
    const { code, ...place } = taken;
    await writeEvents(client, [
      {
        type: 'VOUCHER_ISSUED',
        at: instantText(now),
        businessDay: businessDay(now, clock),
        storeId,
        campaignId: campaign.id,
        code,
        data: { validFrom, validUntil, actorId: actor.id, ...(tillKey === null ? {} : { tillKey }) },
        voucherId: codes.voucherId(place),
        customerId,
      },
    ]);
    return place;
  }

  async #refuse(
    client: pg.PoolClient,
    actor: Actor,
    command: IssueCommand,
    campaign: CampaignTerms,
    customerId: string | null,
    failures: readonly Failure[],
    hash: string | null,
  ): Promise<IssueAnswer> {
    const now = this.#means.clock.now();
    const rejection: RejectionRecord = {
      id: newId('rejection', now),
      at: instantText(now),
      action: 'ISSUE',
      code: null,
      reason: (failures[0] as Failure).reason,
      failures,
      nearestBasket: null,
      campaignId: campaign.id,
      storeId: null,
      customerId,
      orderSource: null,
      orderExternalId: null,
    };
    await writeRejections(client, [rejection], actor.id);
    if (hash !== null) {
      await client.query("insert into idempotency (scope, key, input_hash, answer, created_at) values ('issueVoucher', $1, $2, $3, $4)", [
        command.idempotencyKey,
        hash,
        JSON.stringify({ kind: 'refused', rejectionIds: [rejection.id] }),
        instantText(now),
      ]);
    }
    return { kind: 'refused', rejections: [rejection], replayed: false };
  }
}

/** `validFrom` has to lie before `validUntil`. */
function checkTime({ validFrom, validUntil }: IssueCommand): InputFault[] {
  return validFrom && validUntil && Date.parse(validFrom) >= Date.parse(validUntil)
    ? [{ path: 'input.validFrom', message: 'The voucher would be over before it begins: validFrom lies before validUntil.' }]
    : [];
}
