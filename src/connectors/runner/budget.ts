import { durationMs, type Limit, type Pace } from '@valehub/connector-kit';
import type pg from 'pg';
import { paceRule } from './budget.rules.ts';

export interface CallUse {
  readonly connectionId: string;
  readonly limits: readonly Limit[];
  /** In points. */
  readonly cost: number;
  readonly location?: string;
  readonly target?: string;
}

/** `release` gives back what is counted while a call is under way. */
export type Taken =
  | { readonly ok: true; release(): Promise<void> }
  | { readonly ok: false; readonly waitMs: number; readonly limit: string };

/** A call that was never released (its process died) frees its place after this. */
const CONCURRENT_LEASE_MS = 120_000;
const HOLD = 'hold';

/** One statement each, so that processes need not agree on anything: a row says when its limit will be whole again. */
const TAKE = `insert into call_budget (key, whole_at) values ($1, $2::bigint + $3::bigint)
  on conflict (key) do update set whole_at = greatest(call_budget.whole_at, $2::bigint) + $3::bigint
  where greatest(call_budget.whole_at, $2::bigint) + $3::bigint <= $2::bigint + $4::bigint returning whole_at`;

/** How much may still be asked of the platforms, counted for all processes together. */
export class CallBudgets {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** Takes the use from every limit that it falls under, or from none. */
  async take(use: CallUse, nowMs: number): Promise<Taken> {
    const held = await this.#heldUntil(use, nowMs);
    if (held > nowMs) return { ok: false, waitMs: held - nowMs, limit: HOLD };
    if (use.limits.length === 0) return { ok: true, release: () => Promise.resolve() };
    const client = await this.#pool.connect();
    const slots: string[] = [];
    try {
      await client.query('begin');
      for (const limit of use.limits) {
        const refused =
          limit.unit === 'concurrent'
            ? await this.#takeSlot(client, limit, use, nowMs, slots)
            : await this.#takeUnits(client, limit, use, nowMs);
        if (refused === null) continue;
        await client.query('rollback');
        return { ok: false, waitMs: refused, limit: limit.name };
      }
      await client.query('commit');
    } catch (fault) {
      await client.query('rollback');
      throw fault;
    } finally {
      client.release();
    }
    return { ok: true, release: () => this.#freeSlots(slots) };
  }

  /** Nothing more for a while, by the platform's own word. */
  async hold(connectionId: string, untilMs: number, target?: string): Promise<void> {
    await this.#pool.query(
      'insert into call_budget (key, whole_at) values ($1, $2) on conflict (key) do update set whole_at = greatest(call_budget.whole_at, excluded.whole_at)',
      [keyOf(connectionId, HOLD, target), Math.ceil(untilMs)],
    );
  }

  /** What replies tell of the limits that the connector declares. */
  async adjust(use: Omit<CallUse, 'cost'>, paces: readonly Pace[], nowMs: number): Promise<void> {
    for (const pace of paces) {
      const limit = use.limits.find((candidate) => candidate.name === pace.limit);
      const restores = pace.restoresAt === undefined ? undefined : Date.parse(pace.restoresAt);
      const until = pace.wait !== undefined ? nowMs + durationMs(pace.wait) : pace.remaining === 0 ? restores : undefined;
      if (until !== undefined && Number.isFinite(until) && until > nowMs)
        await this.hold(use.connectionId, until, limit?.per === 'target' ? use.target : undefined);
    }
  }

  async #heldUntil(use: CallUse, nowMs: number): Promise<number> {
    const keys = [keyOf(use.connectionId, HOLD), ...(use.target === undefined ? [] : [keyOf(use.connectionId, HOLD, use.target)])];
    const { rows } = await this.#pool.query<{ until: number | null }>(
      'select max(whole_at) as until from call_budget where key = any($1)',
      [keys],
    );
    return rows[0]?.until ?? nowMs;
  }

  /** Null = taken; else how long to wait. */
  async #takeUnits(client: pg.PoolClient, limit: Limit, use: CallUse, nowMs: number): Promise<number | null> {
    const { emissionMs, burst } = paceRule(limit);
    const key = keyOf(use.connectionId, limit.name, scopeOf(limit, use));
    // A use greater than the whole burst could never be taken: it takes all there is.
    const units = Math.min(limit.unit === 'point' ? use.cost : 1, burst);
    const { rows } = await client.query(TAKE, [key, nowMs, Math.ceil(units * emissionMs), Math.ceil(burst * emissionMs)]);
    if (rows.length > 0) return null;
    const {
      rows: [row],
    } = await client.query<{ wholeAt: number }>('select whole_at as "wholeAt" from call_budget where key = $1', [key]);
    return Math.max(1, (row?.wholeAt ?? nowMs) + Math.ceil(units * emissionMs) - nowMs - Math.ceil(burst * emissionMs));
  }

  async #takeSlot(client: pg.PoolClient, limit: Limit, use: CallUse, nowMs: number, slots: string[]): Promise<number | null> {
    const prefix = keyOf(use.connectionId, limit.name, scopeOf(limit, use));
    const keys = Array.from({ length: limit.amount }, (_, slot) => `${prefix} ${slot}`);
    await client.query('insert into call_budget (key, whole_at) select key, 0 from unnest($1::text[]) as key on conflict do nothing', [
      keys,
    ]);
    const {
      rows: [row],
    } = await client.query<{ key: string }>(
      `update call_budget set whole_at = $2 where key = (select key from call_budget where key = any($1) and whole_at <= $3 limit 1 for update skip locked) returning key`,
      [keys, nowMs + CONCURRENT_LEASE_MS, nowMs],
    );
    if (row === undefined) return 1_000;
    slots.push(row.key);
    return null;
  }

  async #freeSlots(slots: readonly string[]): Promise<void> {
    if (slots.length > 0) await this.#pool.query('update call_budget set whole_at = 0 where key = any($1)', [slots]);
  }
}

const keyOf = (connectionId: string, limit: string, scope = ''): string => JSON.stringify([connectionId, limit, scope]);

function scopeOf(limit: Limit, use: CallUse): string {
  switch (limit.per) {
    case 'account':
      return '';
    case 'location':
      return use.location ?? '';
    case 'target':
      return use.target ?? '';
  }
}
