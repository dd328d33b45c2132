import { durationMs, type Limit, type Pace } from '@valehub/connector-kit';
import type { GateUse } from '@valehub/connector-kit/host';
import type pg from 'pg';
import { paceRule } from './budget.rules.ts';

/** Whose limits a call falls under. */
export interface BudgetOwner {
  readonly connectionId: string;
  readonly appId: string | null;
  readonly grantId: string | null;
  /** With amounts that hold for this account. */
  readonly limits: readonly (Limit & { readonly amount: number })[];
}

/** Amounts that hang on a fact of the account are looked up in it. What is not urgent takes at most half of each limit: the rest is always free. */
export function budgetOwner(
  live: {
    readonly id: string;
    readonly appId: string | null;
    readonly grantId: string | null;
    readonly facts: Readonly<Record<string, string>>;
    readonly connector: { readonly limits: readonly Limit[] };
  },
  background = false,
): BudgetOwner {
  const limits = live.connector.limits.map((limit) => {
    if (typeof limit.amount === 'number') return { ...limit, amount: limit.amount };
    const told = Number(live.facts[limit.amount.fact]);
    return { ...limit, amount: Number.isFinite(told) && told > 0 ? told : limit.amount.otherwise };
  });
  const all = background ? limits.flatMap((limit) => [limit, halfOf(limit)]) : limits;
  return { connectionId: live.id, appId: live.appId, grantId: live.grantId, limits: all };
}

const halfOf = <L extends Limit & { readonly amount: number }>(limit: L): L => ({
  ...limit,
  name: `${limit.name} in the background`,
  amount: limit.unit === 'concurrent' ? Math.max(1, Math.floor(limit.amount / 2)) : limit.amount / 2,
  ...(limit.burst === undefined ? {} : { burst: Math.max(1, Math.floor(limit.burst / 2)) }),
});

/** `release` gives back what is counted while a call is under way. */
export type Taken =
  | { readonly ok: true; release(): Promise<void> }
  | { readonly ok: false; readonly waitMs: number; readonly limit: string };

/** A call that was never released (its process died) frees its place after this. */
const CONCURRENT_LEASE_MS = 120_000;
/** How soon a place may be free again: calls are over in parts of a second. */
const SLOT_AGAIN_MS = 100;
const HOLD = 'hold';

/**
 * Whoever takes of a limit keeps all others from it until its transaction is over, so none waits for the disk: what a crash of the database loses
 * of this is the calls of the last moment.
 */
const BEGIN = 'begin; set local synchronous_commit to off';
const FREE = `
  with quick as materialized (select set_config('synchronous_commit', 'off', true))
  update call_budget set whole_at = 0 from quick where key = any($1)`;

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
  async take(owner: BudgetOwner, use: GateUse, nowMs: number): Promise<Taken> {
    const held = await this.#heldUntil(owner, use, nowMs);
    if (held > nowMs) return { ok: false, waitMs: held - nowMs, limit: HOLD };
    if (owner.limits.length === 0) return { ok: true, release: () => Promise.resolve() };
    const client = await this.#pool.connect();
    const slots: string[] = [];
    try {
      await client.query(BEGIN);
      for (const limit of owner.limits) {
        const refused =
          limit.unit === 'concurrent'
            ? await this.#takeSlot(client, keyFor(owner, limit, use), limit.amount, nowMs, slots)
            : await this.#takeUnits(client, keyFor(owner, limit, use), limit, use.cost, nowMs);
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

  /** What replies tell of the limits that the connector declares: what is left now, or how long to wait. */
  async adjust(owner: BudgetOwner, use: GateUse, paces: readonly Pace[], nowMs: number): Promise<void> {
    for (const pace of paces) {
      const limit = owner.limits.find((candidate) => candidate.name === pace.limit);
      const restores = pace.restoresAt === undefined ? undefined : Date.parse(pace.restoresAt);
      const until = pace.wait !== undefined ? nowMs + durationMs(pace.wait) : pace.remaining === 0 ? restores : undefined;
      if (until !== undefined && Number.isFinite(until) && until > nowMs)
        await this.hold(owner.connectionId, until, limit?.per === 'target' ? use.target : undefined);
      else if (limit !== undefined && pace.remaining !== undefined && limit.unit !== 'concurrent')
        await this.#leave(keyFor(owner, limit, use), limit, pace.remaining, nowMs);
    }
  }

  /** The platform counts less to be left than we do: others use the account as well. */
  async #leave(key: string, limit: Limit & { readonly amount: number }, remaining: number, nowMs: number): Promise<void> {
    const { emissionMs, burst } = paceRule(limit, limit.amount);
    const wholeAt = Math.ceil(nowMs + Math.max(0, burst - remaining) * emissionMs);
    await this.#pool.query(
      'insert into call_budget (key, whole_at) values ($1, $2) on conflict (key) do update set whole_at = greatest(call_budget.whole_at, excluded.whole_at)',
      [key, wholeAt],
    );
  }

  async #heldUntil({ connectionId }: BudgetOwner, use: GateUse, nowMs: number): Promise<number> {
    const keys = [keyOf(connectionId, HOLD), ...(use.target === undefined ? [] : [keyOf(connectionId, HOLD, use.target)])];
    const { rows } = await this.#pool.query<{ until: number | null }>({
      name: 'budget-held',
      text: 'select max(whole_at) as until from call_budget where key = any($1)',
      values: [keys],
    });
    return rows[0]?.until ?? nowMs;
  }

  /** Null = taken; else how long to wait. */
  async #takeUnits(
    client: pg.PoolClient,
    key: string,
    limit: Limit & { readonly amount: number },
    cost: number,
    nowMs: number,
  ): Promise<number | null> {
    const { emissionMs, burst } = paceRule(limit, limit.amount);
    // A use greater than the whole burst could never be taken: it takes all there is.
    const units = Math.min(limit.unit === 'point' ? cost : 1, burst);
    const { rows } = await client.query({
      name: 'budget-take',
      text: TAKE,
      values: [key, nowMs, Math.ceil(units * emissionMs), Math.ceil(burst * emissionMs)],
    });
    if (rows.length > 0) return null;
    const {
      rows: [row],
    } = await client.query<{ wholeAt: number }>('select whole_at as "wholeAt" from call_budget where key = $1', [key]);
    return Math.max(1, (row?.wholeAt ?? nowMs) + Math.ceil(units * emissionMs) - nowMs - Math.ceil(burst * emissionMs));
  }

  async #takeSlot(client: pg.PoolClient, prefix: string, amount: number, nowMs: number, slots: string[]): Promise<number | null> {
    const keys = Array.from({ length: amount }, (_, slot) => `${prefix} ${slot}`);
    await client.query({
      name: 'budget-slots',
      text: 'insert into call_budget (key, whole_at) select key, 0 from unnest($1::text[]) as key on conflict do nothing',
      values: [keys],
    });
    const {
      rows: [row],
    } = await client.query<{ key: string }>({
      name: 'budget-slot',
      text: `update call_budget set whole_at = $2 where key = (select key from call_budget where key = any($1) and whole_at <= $3 limit 1 for update skip locked) returning key`,
      values: [keys, nowMs + CONCURRENT_LEASE_MS, nowMs],
    });
    if (row === undefined) return SLOT_AGAIN_MS;
    slots.push(row.key);
    return null;
  }

  async #freeSlots(slots: readonly string[]): Promise<void> {
    if (slots.length === 0) return;
    await this.#pool.query({ name: 'budget-free', text: FREE, values: [slots] });
  }
}

const keyOf = (connectionId: string, limit: string, scope = ''): string => JSON.stringify([connectionId, limit, scope]);

/** What a limit is counted by: the connection, or what several connections share. */
function keyFor(owner: BudgetOwner, limit: Limit, use: GateUse): string {
  switch (limit.per) {
    case 'app':
      return keyOf(owner.appId ?? owner.connectionId, limit.name);
    case 'grant':
      return keyOf(owner.grantId ?? owner.connectionId, limit.name);
    case 'account':
      return keyOf(owner.connectionId, limit.name);
    case 'location':
      return keyOf(owner.connectionId, limit.name, use.location ?? '');
    case 'target':
      return keyOf(owner.connectionId, limit.name, use.target ?? '');
  }
}
