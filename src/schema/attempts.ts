import type pg from 'pg';
import type { Actor } from '../domain/access/roles.ts';
import { publicReasonOf } from '../domain/decision/public-reason.ts';
import type { Hub } from '../domain/hub.ts';
import type { ValidateAnswer, ValidateCommand } from '../domain/redemption/redemption.types.ts';
import { sha256 } from '../domain/shared/canonical.ts';
import { instantText } from '../domain/shared/clock.ts';
import { HubError } from '../domain/shared/errors.ts';
import { Beats } from './beats.ts';
import type { Caller } from './context.ts';

const WINDOW_MS = 60_000;
/** A public key stands for many people. */
const KEY_FACTOR = 30;
const SWEEP_EVERY_MS = 600_000;
/** Longer than a validation takes on an idle hub, shorter than a guest notices. */
const BEAT_MS = 25;

interface Budget {
  readonly key: string;
  readonly max: number;
}

/** Tries of this process that count under one key. */
interface Tally {
  /** Under way. */
  open: number;
  /** Ended since somebody began to watch. */
  settled: number;
  watchers: number;
}

/**
 * How often the public may try wrong codes: a minute's budget for each address, customer and PUBLIC key, counted in the
 * database, so that it holds over all processes. Right codes cost nothing.
 */
export class Attempts {
  readonly #hub: Hub;
  readonly #perMinute: number;
  readonly #tallies = new Map<string, Tally>();
  readonly #waiting = new Set<() => void>();
  readonly #beats = new Beats(BEAT_MS);
  #sweptAt = 0;

  constructor(hub: Hub, perMinute: number) {
    this.#hub = hub;
    this.#perMinute = perMinute;
  }

  async validate(caller: Caller, command: ValidateCommand): Promise<ValidateAnswer> {
    if (caller.actor.role !== 'PUBLIC') return this.#hub.desk.validate(caller.actor, command);
    return this.#beats.hold(() => this.#validatePublic(caller, command));
  }

  async #validatePublic(caller: Caller, command: ValidateCommand): Promise<ValidateAnswer> {
    const { actor } = caller;
    const own = this.#budgetsOf(caller);
    const { id, fault } = await this.#customerOf(command);
    const budgets = command.order.customer === null || fault ? own : [...own, this.#budgetOf(id ?? JSON.stringify(command.order.customer))];
    // Whoever may name two people until the hub says they are two learns who is known: that is a guess too.
    const told = fault ? { ...command, order: { ...command.order, customer: null } } : command;
    if (!(await this.#enter(budgets))) return this.#hub.desk.refuseAll(actor, told, 'TOO_MANY_ATTEMPTS');
    try {
      if (!fault) return await this.#try(actor, command, budgets);
      if (!(await this.#count(budgets))) return await this.#hub.desk.refuseAll(actor, told, 'TOO_MANY_ATTEMPTS');
      throw fault;
    } finally {
      this.#leave(budgets);
    }
  }

  async #try(actor: Actor, command: ValidateCommand, budgets: readonly Budget[]): Promise<ValidateAnswer> {
    const answer = await this.#hub.desk.validate(actor, command);
    if (!isWrong(answer)) return answer;
    const counted = await this.#count(budgets);
    // Another process used the last of it meanwhile.
    return counted ? answer : this.#hub.desk.refuseAll(actor, command, 'TOO_MANY_ATTEMPTS');
  }

  #budgetsOf({ actor, address }: Caller): Budget[] {
    return [
      { key: sha256(`address ${networkOf(address())}`), max: this.#perMinute },
      { key: sha256(`key ${actor.id}`), max: this.#perMinute * KEY_FACTOR },
    ];
  }

  #budgetOf(customer: string): Budget {
    return { key: sha256(`customer ${customer}`), max: this.#perMinute };
  }

  /** Whom the order names, as far as known; or what is wrong with it. */
  async #customerOf({ order: { customer } }: ValidateCommand): Promise<{ readonly id: string | null; readonly fault?: HubError }> {
    if (customer === null) return { id: null };
    try {
      return { id: (await this.#hub.customers.resolve(customer, 'look')).id };
    } catch (error) {
      if (error instanceof HubError && error.code === 'BAD_USER_INPUT') return { id: null, fault: error };
      throw error;
    }
  }

  /**
   * False where a budget is used up. Tries under way may all turn out wrong, so one that might be a try too many waits
   * until they are known: many at once are no way around the budget.
   */
  async #enter(budgets: readonly Budget[]): Promise<boolean> {
    const tallies = budgets.map(({ key, max }) => ({ key, max, tally: this.#watch(key) }));
    try {
      for (;;) {
        const before = tallies.map(({ tally }) => tally.settled);
        const wrong = await this.#wrongTries(budgets);
        // What was settled while the database was asked may be counted there or not yet.
        const unsure = tallies.map(({ tally }, at) => tally.settled - (before[at] ?? 0));
        if (tallies.some(({ key, max }) => (wrong.get(key) ?? 0) >= max)) return false;
        if (tallies.every(({ key, max, tally }, at) => (wrong.get(key) ?? 0) + tally.open + (unsure[at] ?? 0) < max)) break;
        if (unsure.every((count) => count === 0)) await new Promise<void>((resolve) => this.#waiting.add(resolve));
      }
      for (const { tally } of tallies) tally.open += 1;
      return true;
    } finally {
      for (const { key } of tallies) this.#unwatch(key);
    }
  }

  #leave(budgets: readonly Budget[]): void {
    for (const { key } of budgets) {
      const tally = this.#watch(key);
      tally.open -= 1;
      tally.settled += 1;
      this.#unwatch(key);
    }
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  #watch(key: string): Tally {
    const tally = this.#tallies.get(key) ?? { open: 0, settled: 0, watchers: 0 };
    tally.watchers += 1;
    this.#tallies.set(key, tally);
    return tally;
  }

  #unwatch(key: string): void {
    const tally = this.#tallies.get(key);
    if (tally && --tally.watchers === 0 && tally.open === 0) this.#tallies.delete(key);
  }

  async #wrongTries(budgets: readonly Budget[]): Promise<Map<string, number>> {
    const { rows } = await this.#pool.query<{ key: string; wrong: number }>(
      'select key, wrong from attempt_budget where key = any($1) and started_at > $2',
      [budgets.map(({ key }) => key), instantText(this.#hub.clock.now() - WINDOW_MS)],
    );
    return new Map(rows.map(({ key, wrong }) => [key, wrong]));
  }

  /** Counts one wrong try; false where it was one too many. */
  async #count(budgets: readonly Budget[]): Promise<boolean> {
    const now = this.#hub.clock.now();
    await this.#sweep(now);
    const keys = budgets.map(({ key }) => key).sort();
    const { rows } = await this.#pool.query<{ key: string; wrong: number }>(
      `insert into attempt_budget as old (key, wrong, started_at) select key, 1, $2 from unnest($1::text[]) as key
       on conflict (key) do update set
         wrong = case when old.started_at > $3 then old.wrong + 1 else 1 end,
         started_at = case when old.started_at > $3 then old.started_at else excluded.started_at end
       returning key, wrong`,
      [keys, instantText(now), instantText(now - WINDOW_MS)],
    );
    const wrong = new Map(rows.map((row) => [row.key, row.wrong]));
    return budgets.every(({ key, max }) => (wrong.get(key) ?? 0) <= max);
  }

  async #sweep(now: number): Promise<void> {
    if (now - this.#sweptAt < SWEEP_EVERY_MS) return;
    this.#sweptAt = now;
    await this.#pool.query('delete from attempt_budget where started_at < $1', [instantText(now - SWEEP_EVERY_MS)]);
  }

  get #pool(): pg.Pool {
    return this.#hub.database.pool;
  }
}

/** Every code of it sounds unusable to the public: a guess that missed. */
const isWrong = ({ outcomes }: ValidateAnswer): boolean =>
  outcomes.every((outcome) => !('outcome' in outcome) && outcome.failures.some(({ reason }) => publicReasonOf(reason) === 'NOT_USABLE'));

/** One household or server has a whole /64 of IPv6 addresses. */
function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1]) return mapped[1];
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = tail === undefined ? left : [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  return groups
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':');
}
