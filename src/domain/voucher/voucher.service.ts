import type { Database } from '../../database/database.ts';
import { inTransaction } from '../../database/transaction.ts';
import type { Actor } from '../access/roles.ts';
import { writeAudit } from '../audit/audit-writer.ts';
import type { CampaignService } from '../campaign/campaign.service.ts';
import type { CodeService } from '../code/code.service.ts';
import type { CodePlace } from '../code/code.types.ts';
import { balanceKey, balanceOf, balanceValue } from '../decision/balance.ts';
import { maxUsesOf } from '../decision/counters.ts';
import type { CounterState, VoucherState } from '../decision/decision.types.ts';
import { writeEventsAndTell } from '../ledger/ledger-writer.ts';
import { type Clock, instantText } from '../shared/clock.ts';
import { conflict, notFound } from '../shared/errors.ts';
import { checkReason, shownStatus, WITHDRAWN_FROM, type Withdrawal } from './voucher.rules.ts';
import type { VoucherView } from './voucher.types.ts';
import { readBalances, readHolds, readVouchers, VOUCHER_COLUMNS, type VoucherRow } from './voucher-reader.ts';

interface VoucherMeans {
  readonly database: Database;
  readonly clock: Clock;
  readonly codes: CodeService;
  readonly campaigns: CampaignService;
}

/** Makes the row of a voucher that nobody touched, or changes it where its status allows. */
const WITHDRAW = `
  insert into voucher (pattern_id, idx, code, campaign_id, status, uses, max_uses, holds, created_at) values ($1, $2, $3, $4, $5, 0, $6, 0, $7)
  on conflict (pattern_id, idx) do update set status = excluded.status where voucher.status = any($8)
  returning ${VOUCHER_COLUMNS}`;

const LOCK = 'select status from voucher where pattern_id = $1 and idx = $2 for update';

/** Vouchers: a row where somebody touched one, else made up from its code. */
export class VoucherService {
  readonly #means: VoucherMeans;

  constructor(means: VoucherMeans) {
    this.#means = means;
  }

  async byCode(code: string): Promise<VoucherView | null> {
    const hit = await this.#means.codes.find(code);
    return hit.found === 'code' ? this.#byPlace(hit) : null;
  }

  async byId(id: string): Promise<VoucherView | null> {
    const place = this.#means.codes.parseVoucherId(id);
    return place && this.#byPlace(place);
  }

  /** In the order of the places; null where no batch reaches. */
  async byPlaces(places: readonly CodePlace[]): Promise<(VoucherView | null)[]> {
    const { codes, database } = this.#means;
    if (!places.every((place) => codes.batchAt(place))) await codes.refresh();
    const existing = places.filter((place) => codes.batchAt(place));
    const views = await this.views(await readVouchers(database.pool, existing));
    const touched = new Map(views.map((view) => [keyOf({ patternId: view.spaceId, index: view.index }), view]));
    return places.map((place) => touched.get(keyOf(place)) ?? this.untouched(place));
  }

  /** A code that nobody touched, as a voucher; null where no batch reaches. From memory. */
  untouched(place: CodePlace): VoucherView | null {
    const { codes } = this.#means;
    const batch = codes.batchAt(place);
    return batch
      ? this.#view(
          {
            ...place,
            code: codes.codeAt(place),
            campaignId: batch.campaignId,
            status: 'CREATED',
            uses: 0,
            holds: 0,
            customerId: null,
            termsVersion: null,
            validFrom: null,
            validUntil: null,
          },
          [],
          UNUSED,
        )
      : null;
  }

  /** Rows as vouchers, with their open holds. */
  async views(rows: readonly VoucherRow[]): Promise<VoucherView[]> {
    const { database, clock, campaigns, codes } = this.#means;
    await campaigns.byIds([...new Set(rows.map((row) => row.campaignId))]);
    await campaigns.readTerms(rows.flatMap((row) => campaigns.unread(row.campaignId, row.termsVersion)));
    const holds = await readHolds(database.pool, rows, clock.now());
    const keys = new Map(rows.flatMap((row) => (this.#worth(row) === null ? [] : [[row, balanceKey(codes.voucherId(row))] as const])));
    const balances = await readBalances(database.pool, [...keys.values()]);
    return rows.map((row) => this.#view(row, holds.get(row.code) ?? [], balances.get(keys.get(row) ?? '') ?? UNUSED));
  }

  /** Repeated, it changes nothing. CONFLICT where the voucher was used or cancelled. */
  async block(actor: Actor, id: string, reason: string): Promise<VoucherView> {
    return this.#withdraw(actor, id, reason, 'BLOCKED');
  }

  /** For good. Repeated, it changes nothing. CONFLICT where the voucher was used. */
  async cancel(actor: Actor, id: string, reason: string): Promise<VoucherView> {
    return this.#withdraw(actor, id, reason, 'CANCELLED');
  }

  async #byPlace(place: CodePlace): Promise<VoucherView | null> {
    return (await this.byPlaces([place]))[0] ?? null;
  }

  async #withdraw(actor: Actor, id: string, reason: string, status: Withdrawal): Promise<VoucherView> {
    checkReason(reason);
    const { database, clock } = this.#means;
    const voucher = await this.byId(id);
    if (!voucher) throw notFound('voucher', id);
    const now = new Date(clock.now());
    const row = await inTransaction(database.pool, async (client) => {
      const values = [
        voucher.spaceId,
        voucher.index,
        voucher.code,
        voucher.campaignId,
        status,
        voucher.maxUses,
        now,
        WITHDRAWN_FROM[status],
      ];
      const { rows: locked } = await client.query<Pick<VoucherRow, 'status'>>(LOCK, [voucher.spaceId, voucher.index]);
      const { rows } = await client.query<VoucherRow>(WITHDRAW, values);
      const [changed] = rows;
      if (!changed) return undefined;
      const stood = locked[0]?.status ?? 'CREATED';
      await writeAudit(client, {
        at: now.getTime(),
        actorId: actor.id,
        operation: status === 'BLOCKED' ? 'blockVoucher' : 'cancelVoucher',
        subjectId: voucher.id,
        // As it was shown, unless it was changed after we looked.
        before: { status: stood === voucher.status ? voucher.shown : stood },
        after: { status, reason },
      });
      await writeEventsAndTell(client, [
        {
          type: status === 'BLOCKED' ? 'VOUCHER_BLOCKED' : 'VOUCHER_CANCELLED',
          at: instantText(now.getTime()),
          campaignId: voucher.campaignId,
          code: voucher.code,
          data: { reason, actorId: actor.id },
          voucherId: voucher.id,
          customerId: changed.customerId,
        },
      ]);
      return changed;
    });
    const after = row ? (await this.views([row]))[0] : await this.byId(id);
    if (!after) throw notFound('voucher', id);
    if (after.status !== status) throw conflict(`A voucher that is ${after.status} cannot be ${status.toLowerCase()}.`);
    return after;
  }

  /** What a gift card was worth when it was new; null = it is none. */
  #worth(row: VoucherRow): { readonly value: number; readonly currency: string } | null {
    const terms = this.#means.campaigns.terms(row.campaignId, row.termsVersion);
    const value = terms ? balanceValue(terms) : null;
    return value === null || !terms?.currency ? null : { value, currency: terms.currency };
  }

  #view(row: VoucherRow, holds: VoucherState['holds'], used: Pick<CounterState, 'used' | 'held'>): VoucherView {
    const { codes, campaigns, clock } = this.#means;
    const terms = campaigns.terms(row.campaignId, row.termsVersion);
    const shared = codes.isShared(row);
    const state: VoucherState = {
      id: codes.voucherId(row),
      code: row.code,
      spaceId: row.patternId,
      index: row.index,
      campaignId: row.campaignId,
      shared,
      status: row.status,
      uses: row.uses,
      maxUses: terms ? maxUsesOf(terms, shared) : shared ? null : 1,
      customerId: row.customerId,
      validFrom: row.validFrom,
      validUntil: row.validUntil,
      holds,
    };
    const worth = this.#worth(row);
    const balance = worth && { ...balanceOf(worth.value, used), currency: worth.currency };
    return { ...state, balance, shown: shownStatus(state, clock.now(), balance) };
  }
}

const UNUSED = { used: 0, held: 0 };

const keyOf = ({ patternId, index }: CodePlace): string => `${patternId}:${index}`;
