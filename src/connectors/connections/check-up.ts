import type { Failure } from '@valehub/connector-kit';
import type pg from 'pg';
import type { Exclusive, LockPool } from '../../database/exclusive.ts';
import { storableJson } from '../../domain/connection/storable.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import type { ConnectorRunner, Runnable } from '../runner/connector-runner.ts';
import { failureText } from '../runner/failure-text.ts';
import { runnable } from '../runner/runnable.ts';
import type { SubscriptionDesk } from '../subscriptions/subscription-desk.ts';
import type { AccountCheck } from './account.ts';
import type { Attention } from './attention.ts';
import { CONNECTIONS_CHANNEL, type ConnectionBook } from './connection-book.ts';
import type { WrongAccount } from './identity.rules.ts';

export interface CheckUpOptions {
  readonly pool: pg.Pool;
  readonly locks: LockPool;
  readonly clock: Clock;
  readonly book: ConnectionBook;
  readonly runner: ConnectorRunner;
  readonly attention: Attention;
  readonly account: AccountCheck;
  readonly subscriptions: SubscriptionDesk;
  /** Works kept notices and jobs of a connection again. */
  readonly replay: (connectionId: string, account: string | null) => Promise<void>;
}

const TEST_LOCK = 8_254_037;
const TESTS_AT_ONCE = 2;

const isAtRest = (status: string): boolean => status === 'PAUSED' || status === 'DISCONNECTED';

/** Finds out whether a connection works, and sets up at the platform what it needs. */
export class CheckUp {
  readonly #options: CheckUpOptions;
  readonly #exclusive: Exclusive;

  constructor(options: CheckUpOptions) {
    this.#options = options;
    this.#exclusive = options.locks.exclusive(TEST_LOCK, TESTS_AT_ONCE);
  }

  /**
   * The test call; where it passes, subscriptions, what this account can do, and all that waited for a person. One at a time, so that
   * what a test says of the connection as it was is never the last word.
   */
  test(id: string): Promise<WrongAccount | null> {
    return this.#exclusive.run(id, () => this.#test(id));
  }

  async #test(id: string): Promise<WrongAccount | null> {
    const { book, account, attention, subscriptions, replay } = this.#options;
    const live = await this.#fresh(id);
    if (live === null || isAtRest(live.status)) return null;
    const failure = await account.check(live);
    if (failure !== null) {
      await attention.tell(id, `The test call failed: ${failureText(failure)}`);
      book.forget(id);
      return failure;
    }
    const known = (await this.#fresh(id)) ?? live;
    await subscriptions.ensure(known);
    await this.narrow(known);
    await replay(id, known.account);
    if (known.appId !== null) await attention.overApp(known.appId, `Events of the account ${known.account},`);
    return null;
  }

  /** What this very account can do less than the connector says. A failure leaves what was known. */
  async narrow(live: Runnable): Promise<Failure | null> {
    if (live.connector.narrow === undefined) return null;
    const { runner, pool, clock } = this.#options;
    const ran = await runner.ask(live, { op: 'narrow' });
    if (!ran.ok) return ran.failure;
    await pool.query(
      `with narrowed as (update connection set capabilities = $2::jsonb, updated_at = $3 where id = $1 and capabilities is distinct from $2::jsonb returning id)
       select pg_notify('${CONNECTIONS_CHANNEL}', id) from narrowed`,
      [live.id, storableJson(ran.value), new Date(clock.now())],
    );
    this.#options.book.forget(live.id);
    return null;
  }

  async #fresh(id: string): Promise<Runnable | null> {
    this.#options.book.forget(id);
    return runnable(await this.#options.book.get(id));
  }
}
