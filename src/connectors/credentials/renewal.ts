import { setTimeout as pause } from 'node:timers/promises';
import { type Auth, CallError, type Credential, type Failure } from '@valehub/connector-kit';
import type { Logger } from 'pino';
import type { Exclusive, LockPool } from '../../database/exclusive.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import type { Attention } from '../connections/attention.ts';
import type { ConnectorRunner, Runnable } from '../runner/connector-runner.ts';
import { deadWords, NOBODY_AGREED } from './grant.rules.ts';
import type { GrantBook } from './grant-book.ts';
import type { Grant, GrantStore } from './grant-store.ts';
import { badCredentials, isSame, withoutSecrets } from './token-auth.ts';

export interface RenewalOptions {
  readonly locks: LockPool;
  readonly clock: Clock;
  readonly log: Logger;
  readonly store: GrantStore;
  readonly book: GrantBook;
  readonly attention: Attention;
  readonly runner: () => ConnectorRunner;
}

/** The number of the lock under which a grant is changed, and how many may be at it in this process. */
const GRANT_LOCK = 8_254_035;
const AT_ONCE = 4;
/** What the platform gave once it gives no second time: it is worth waiting for a database that is away for a moment. */
const SAVE_PAUSES_MS = [50, 200, 500, 1_000, 2_000, 4_000, 4_000];
/** After these nobody knows whether the platform gave something out. */
const IN_DOUBT: ReadonlySet<Failure['code']> = new Set(['TIMEOUT', 'PLATFORM_DOWN', 'BAD_REPLY']);

/** Changes what is kept of a grant, one at a time of all processes: renews it, keeps what came of it, ends it. */
export class Renewal {
  readonly #options: RenewalOptions;
  readonly #exclusive: Exclusive;
  readonly #renewing = new Map<string, Promise<Grant>>();

  constructor(options: RenewalOptions) {
    this.#options = options;
    this.#exclusive = options.locks.exclusive(GRANT_LOCK, AT_ONCE);
  }

  /** What is in force instead of `stale`. Whoever comes while it is under way gets what it brings. Throws `CallError`. */
  async renew(live: Runnable, id: string, auth: Auth, stale: Credential | null): Promise<Grant> {
    const running = this.#renewing.get(id);
    if (running !== undefined) return running;
    const renewing = this.#exclusive.run(id, () => this.#renew(live, id, auth, stale)).finally(() => this.#renewing.delete(id));
    this.#renewing.set(id, renewing);
    return renewing;
  }

  /** What a person has agreed to takes the place of whatever there was. */
  async adopt(id: string, credential: Credential): Promise<void> {
    await this.#exclusive.run(id, () => this.#save(id, () => this.#options.book.fresh(id), credential, 'person'));
  }

  async kill(id: string, words: string): Promise<void> {
    await this.#exclusive.run(id, () => this.#kill(id, words));
  }

  alone<T>(id: string, work: () => Promise<T>): Promise<T> {
    return this.#exclusive.run(id, work);
  }

  async #renew(live: Runnable, id: string, auth: Auth, stale: Credential | null): Promise<Grant> {
    const { book, store, clock, runner } = this.#options;
    const grant = await book.fresh(id);
    if (grant.status === 'DEAD' || grant.status === 'ENDED') throw badCredentials(grant.deadReason ?? 'The connection was disconnected.');
    // Another process was quicker.
    if (grant.credential !== null && !isSame(grant.credential, stale)) return grant;
    if (grant.credential === null && auth.authorize) throw badCredentials(NOBODY_AGREED);
    await store.renewing(id, new Date(clock.now()));
    const have = grant.credential === null ? {} : { have: grant.credential };
    const ran = await runner().ask(live, { op: 'obtain', ...have }, { withoutCredential: true });
    if (ran.ok) return this.#save(id, () => Promise.resolve(grant), ran.value, 'renewal');
    const failure = withoutSecrets(ran.failure, { ...live.secrets, ...grant.credential?.secrets });
    if (failure.code === 'BAD_CREDENTIALS') {
      const words = deadWords(failure, auth, grant.renewingSince);
      await this.#kill(id, words);
      throw badCredentials(words);
    }
    if (!failure.unknown && !IN_DOUBT.has(failure.code)) await store.notRenewed(id);
    throw new CallError(failure);
  }

  /** The person hears of it before it counts as dead: a crash in between says it twice, never not at all. */
  async #kill(id: string, words: string): Promise<void> {
    const { attention, store, clock, book } = this.#options;
    await attention.tellSharers(id, words);
    await store.kill(id, words, new Date(clock.now()));
    book.forget(id);
  }

  /** On disk before it is used. Gives what is in force then: this, or what a person agreed to meanwhile. */
  async #save(id: string, seen: () => Promise<Grant>, credential: Credential, by: 'renewal' | 'person'): Promise<Grant> {
    const { store, clock, log, book } = this.#options;
    for (let attempt = 0; ; attempt += 1) {
      try {
        await store.save(await seen(), credential, clock.now(), by);
        return await book.fresh(id);
      } catch (fault) {
        const wait = SAVE_PAUSES_MS[attempt];
        log.error({ err: fault, grant: id }, 'new credentials could not be saved');
        if (wait === undefined) throw fault;
        await pause(wait);
      }
    }
  }
}
