import type { Apply, HubOrder, Plain } from '@valehub/connector-kit';
import type { Database } from '../../database/database.ts';
import { inTransaction } from '../../database/transaction.ts';
import type { Actor } from '../../domain/access/roles.ts';
import { writeAudit } from '../../domain/audit/audit-writer.ts';
import { normaliseCode } from '../../domain/code/code-normalise.ts';
import type { AppliedRecord, ApplyAnswer, ApplyDraft } from '../../domain/connection/check.types.ts';
import { enqueueJob } from '../../domain/connection/outbox-queue.ts';
import type { ApplicableDraft } from '../../domain/decision/decision.types.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import { conflict, forbidden, HubError, notFound } from '../../domain/shared/errors.ts';
import type { ConnectionBook } from '../connections/connection-book.ts';
import type { FactIntake } from '../facts/fact-intake.ts';
import type { ConnectorDeskMeans } from '../questions/connector-desk.ts';
import { kindAtTills, sharesByLine } from '../questions/given.ts';
import { type ConnectorRunner, type Runnable, storeIdOf } from '../runner/connector-runner.ts';
import { appliedById, appliedTo } from './applied.ts';

export interface CheckDeskMeans {
  readonly database: Database;
  readonly clock: Clock;
  readonly book: ConnectionBook;
  readonly runner: ConnectorRunner;
  readonly intake: Pick<FactIntake, 'basketOf'>;
  readonly questions: Pick<ConnectorDeskMeans, 'desk' | 'campaignName'>;
}

const APPLY = 'orders.apply';
const REMOVE = 'orders.remove';

/** Vouchers on open checks at tills: decided by the hub on the check as it stands, put there by the connector, redeemed once it is paid. */
export class CheckDesk {
  readonly #means: CheckDeskMeans;

  constructor(means: CheckDeskMeans) {
    this.#means = means;
  }

  /** The same code for the same check again gives what is already there or under way. */
  async apply(actor: Actor, draft: ApplyDraft): Promise<ApplyAnswer> {
    const { database, clock, intake, questions } = this.#means;
    const live = await this.#runnable(draft.connectionId);
    const storeId = storeFor(actor, live, draft.location);
    const order = await this.#openCheck(live, draft);
    const basket = await intake.basketOf({ connectionId: live.id, storeId, order, fetchedAt: clock.now() });
    const code = normaliseCode(draft.code);
    if (basket.codes.includes(code)) throw conflict(`The check ${draft.orderExternalId} already carries the voucher ${code}.`);
    // What is on the check already comes first, as at any till.
    const { outcomes } = await questions.desk.validate(actor, {
      codes: [...basket.codes, code],
      order: basket.draft,
      tillId: null,
      staffId: null,
    });
    const outcome = outcomes.at(-1);
    if (outcome === undefined) throw new Error('A code got no outcome.');
    if (!('outcome' in outcome)) return { kind: 'refused', rejections: [outcome] };
    const now = clock.now();
    const applied = await inTransaction(database.pool, async (client) => {
      // Two people at one check put one voucher on it.
      await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`apply ${live.id} ${draft.orderExternalId} ${code}`]);
      const before = (await appliedTo(client, live.id, draft.orderExternalId)).filter((one) => one.code === code);
      const standing = before.find(({ status }) => status !== 'FAILED' && status !== 'REMOVED');
      if (standing !== undefined) return standing;
      const { id } = await enqueueJob(
        client,
        {
          connectionId: live.id,
          verb: APPLY,
          key: `apply ${draft.orderExternalId} ${code} ${before.length + 1}`,
          input: this.#asked(draft.orderExternalId, outcome, order.currency) as unknown as Plain,
          storeId,
          ...(draft.location === null ? {} : { location: draft.location }),
        },
        now,
      );
      const made = await appliedById(client, id);
      const after = { connectionId: live.id, orderExternalId: draft.orderExternalId, amount: outcome.amount };
      await writeAudit(client, { at: now, actorId: actor.id, operation: 'applyVoucher', subjectId: id, before: null, after });
      return made;
    });
    return { kind: 'applied', applied };
  }

  /** Takes it off the check again. CONFLICT while it is not on it. */
  async remove(actor: Actor, id: string): Promise<AppliedRecord> {
    const { database, clock } = this.#means;
    const now = clock.now();
    return inTransaction(database.pool, async (client) => {
      const { rows } = await client.query<{ connectionId: string; location: string | null; storeId: string; outcome: Plain }>(
        `select connection_id as "connectionId", location, store_id as "storeId", outcome from outbox_job where id = $1 and verb = '${APPLY}' for update`,
        [id],
      );
      const [job] = rows;
      if (job === undefined) throw notFound('voucher on a check', id);
      mayActIn(actor, job.storeId);
      const before = await appliedById(client, id);
      if (before.status === 'REMOVING' || before.status === 'REMOVED') return before;
      if (before.status !== 'APPLIED') throw conflict(`The voucher is ${before.status}: only one that is on the check can be taken off.`);
      await enqueueJob(
        client,
        {
          connectionId: job.connectionId,
          verb: REMOVE,
          // What `applied.ts` finds it by.
          key: `remove ${id}`,
          input: job.outcome,
          storeId: job.storeId,
          ...(job.location === null ? {} : { location: job.location }),
        },
        now,
      );
      const after = await appliedById(client, id);
      const shown = ({ status }: AppliedRecord) => ({ status });
      await writeAudit(client, {
        at: now,
        actorId: actor.id,
        operation: 'removeVoucher',
        subjectId: id,
        before: shown(before),
        after: shown(after),
      });
      return after;
    });
  }

  /** Of a check, the oldest first. */
  async list(actor: Actor, connectionId: string, orderExternalId: string): Promise<readonly AppliedRecord[]> {
    const records = await appliedTo(this.#means.database.pool, connectionId, orderExternalId);
    return records.filter(({ storeId }) => actor.storeIds === null || actor.storeIds.includes(storeId));
  }

  async #runnable(connectionId: string): Promise<Runnable> {
    const live = await this.#means.book.get(connectionId);
    if (live === undefined) throw notFound('connection', connectionId);
    const { connector } = live;
    const refuse = (message: string): never => {
      throw new HubError('BAD_USER_INPUT', message, [{ path: 'input.connectionId', message }]);
    };
    if (connector?.roles[APPLY] === undefined || connector.fetch?.order === undefined)
      return refuse(`The connector ${live.connectorId} puts no vouchers on open checks.`);
    if ((live.capabilities[APPLY] ?? 'NOT_POSSIBLE') === 'NOT_POSSIBLE')
      return refuse(`The connection ${live.name} puts no vouchers on open checks: its settings, or what its log-in may do, do not let it.`);
    if (live.status !== 'ACTIVE') throw conflict(`The connection is ${live.status}: only over one that is ACTIVE can a check be reached.`);
    return { ...live, connector };
  }

  /** As it stands at the platform now. */
  async #openCheck(live: Runnable, { orderExternalId, location }: ApplyDraft): Promise<HubOrder> {
    const ran = await this.#means.runner.fetch(live, 'order', [orderExternalId], location ?? undefined);
    if (!ran.ok) {
      if (ran.failure.code === 'NOT_FOUND' || ran.failure.code === 'TARGET_GONE') throw notFound('check at the platform', orderExternalId);
      throw new HubError('UNAVAILABLE', `The check could not be read at the platform: ${ran.failure.message}`);
    }
    const fact = ran.value.find((one) => one.kind === 'order' && one.order.externalId === orderExternalId);
    if (fact?.kind !== 'order') throw notFound('check at the platform', orderExternalId);
    if (fact.order.state !== 'OPEN')
      throw conflict(`The check ${orderExternalId} is ${fact.order.state} at the platform: a voucher is put on an open one.`);
    return fact.order;
  }

  #asked(orderId: string, given: ApplicableDraft, currency: string): Apply {
    const kind = kindAtTills(given.kind);
    return {
      orderId,
      code: given.code,
      name: this.#means.questions.campaignName(given.campaign.id) || given.code,
      kind,
      amount: { minor: given.amount, currency },
      ...(kind === 'LINE_DISCOUNT' ? { lines: sharesByLine(given.allocations, currency) } : {}),
    };
  }
}

function storeFor(actor: Actor, live: Runnable, location: string | null): string {
  const storeId = storeIdOf(live, location ?? undefined);
  if (storeId === null) {
    const message =
      location === null
        ? 'The connection serves several places: say which one has the check.'
        : `Nobody has said which store the location ${location} is.`;
    throw new HubError('BAD_USER_INPUT', message, [{ path: 'input.location', message }]);
  }
  mayActIn(actor, storeId);
  return storeId;
}

function mayActIn(actor: Actor, storeId: string): void {
  if (actor.storeIds !== null && !actor.storeIds.includes(storeId)) throw forbidden('This key is not for that store.');
}
