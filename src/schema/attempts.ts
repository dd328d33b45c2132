import type pg from 'pg';
import type { Actor } from '../domain/access/roles.ts';
import { publicReasonOf } from '../domain/decision/public-reason.ts';
import type { Hub } from '../domain/hub.ts';
import type { ValidateAnswer, ValidateCommand } from '../domain/redemption/redemption.types.ts';
import { sha256 } from '../domain/shared/canonical.ts';
import { instantText } from '../domain/shared/clock.ts';
import type { Caller } from './context.ts';

const WINDOW_MS = 60_000;
/** A public key stands for many people. */
const KEY_FACTOR = 30;
const SWEEP_EVERY_MS = 600_000;

interface Budget {
  readonly key: string;
  readonly max: number;
}

/**
 * How often the public may try wrong codes: a minute's budget for each address, customer and PUBLIC key, counted in the
 * database, so that it holds over all processes. Right codes cost nothing.
 */
export class Attempts {
  readonly #hub: Hub;
  readonly #perMinute: number;
  readonly #underWay = new Map<string, number>();
  readonly #waiting = new Set<() => void>();
  #sweptAt = 0;

  constructor(hub: Hub, perMinute: number) {
    this.#hub = hub;
    this.#perMinute = perMinute;
  }

  async validate(caller: Caller, command: ValidateCommand): Promise<ValidateAnswer> {
    const { actor } = caller;
    if (actor.role !== 'PUBLIC') return this.#hub.desk.validate(actor, command);
    const budgets = await this.#budgetsOf(caller, command);
    if (!(await this.#enter(budgets))) return this.#hub.desk.refuseAll(actor, command, 'TOO_MANY_ATTEMPTS');
    try {
      return await this.#try(actor, command, budgets);
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

  async #budgetsOf({ actor, address }: Caller, { order: { customer } }: ValidateCommand): Promise<Budget[]> {
    const budgets = [
      { key: sha256(`address ${networkOf(address())}`), max: this.#perMinute },
      { key: sha256(`key ${actor.id}`), max: this.#perMinute * KEY_FACTOR },
    ];
    if (!customer) return budgets;
    const { id } = await this.#hub.customers.resolve(customer, 'look');
    return [...budgets, { key: sha256(`customer ${id ?? JSON.stringify(customer)}`), max: this.#perMinute }];
  }

  /**
   * False where a budget is used up. Tries under way may all turn out wrong, so one that might be a try too many waits
   * until they are known: many at once are no way around the budget.
   */
  async #enter(budgets: readonly Budget[]): Promise<boolean> {
    for (;;) {
      const wrong = await this.#wrongTries(budgets);
      if (budgets.some(({ key, max }) => (wrong.get(key) ?? 0) >= max)) return false;
      if (budgets.every(({ key, max }) => (wrong.get(key) ?? 0) + (this.#underWay.get(key) ?? 0) < max)) break;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
    for (const { key } of budgets) this.#underWay.set(key, (this.#underWay.get(key) ?? 0) + 1);
    return true;
  }

  #leave(budgets: readonly Budget[]): void {
    for (const { key } of budgets) {
      const left = (this.#underWay.get(key) ?? 1) - 1;
      if (left > 0) this.#underWay.set(key, left);
      else this.#underWay.delete(key);
    }
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
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
