import { type Auth, CallError, type Credential, type Failure } from '@valehub/connector-kit';
import type { CredentialSource } from '@valehub/connector-kit/host';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { LockPool } from '../../database/exclusive.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import type { Attention } from '../connections/attention.ts';
import type { SecretBox } from '../connections/secret-box.ts';
import type { ConnectorRunner, Runnable } from '../runner/connector-runner.ts';
import { accessWords } from './grant.rules.ts';
import { GrantBook } from './grant-book.ts';
import { GrantStore } from './grant-store.ts';
import { Renewal } from './renewal.ts';
import { credentialOf, isUsable, tokenAuthOf } from './token-auth.ts';

export interface CredentialDeskOptions {
  readonly pool: pg.Pool;
  readonly locks: LockPool;
  readonly clock: Clock;
  readonly log: Logger;
  readonly box: SecretBox;
  readonly attention: Attention;
  /** Asked for when it is needed: the runner asks this desk in turn. */
  readonly runner: () => ConnectorRunner;
  /** How long a grant that was read is good without a word from the database; ms. */
  readonly freshMs: number;
}

const RETRY_MS = 60 * 60_000;

/** Credentials that platforms give out: one for all who share a grant, renewed once in whatever process, and kept before they are used. */
export class CredentialDesk {
  readonly store: GrantStore;
  readonly #options: CredentialDeskOptions;
  readonly #book: GrantBook;
  readonly #renewal: Renewal;
  /** Grants by whom they were made for: that never changes. */
  readonly #ids = new Map<string, string>();

  constructor(options: CredentialDeskOptions) {
    this.#options = options;
    this.store = new GrantStore(options.pool, options.box);
    this.#book = new GrantBook({ ...options, store: this.store });
    this.#renewal = new Renewal({ ...options, store: this.store, book: this.#book });
  }

  /** Undefined where the connection's platform gives none. An App has one of its own only where all its connections share it. */
  async source(live: Runnable): Promise<CredentialSource | undefined> {
    const auth = tokenAuthOf(live);
    if (auth === undefined || (live.id === live.appId && auth.shared !== 'app')) return undefined;
    const id = await this.#idFor(live, auth);
    let held = await this.#book.get(id);
    return {
      current: () => {
        held = this.#book.newest(held);
        return isUsable(held) ? held.credential : null;
      },
      renew: async (stale) => {
        held = await this.#renewal.renew(live, id, auth, stale);
        return credentialOf(held);
      },
    };
  }

  /** Of all grants where none is named. */
  forget(id?: string): void {
    this.#book.forget(id);
  }

  /** A person has acted: what was refused is tried again. `anew`: what was obtained with other credentials is thrown away. */
  async revive(ids: readonly string[], anew = false): Promise<void> {
    await this.store.revive(ids, this.#now(), anew);
    for (const id of ids) this.forget(id);
  }

  /** Renews one that would expire or die idle. A failure is tried again within the hour. */
  async keepAlive(live: Runnable, id: string): Promise<void> {
    const auth = tokenAuthOf(live);
    const { credential, status } = await this.#book.fresh(id);
    if (auth === undefined || status !== 'ALIVE') return;
    try {
      await this.#renewal.renew(live, id, auth, credential);
    } catch (fault) {
      if (!(fault instanceof CallError)) throw fault;
      this.#options.log.warn({ grant: id, code: fault.failure.code }, 'credentials could not be renewed ahead of time');
      await this.store.renewLater(id, new Date(this.#options.clock.now() + RETRY_MS));
    }
  }

  /** Keeps what a person has just agreed to; gives the grant. */
  async adopt(live: Runnable, credential: Credential): Promise<string> {
    const auth = tokenAuthOf(live);
    if (auth === undefined) throw new Error(`The connection ${live.id} takes no tokens.`);
    const id = await this.#idFor(live, auth);
    await this.#renewal.adopt(id, credential);
    return id;
  }

  /** The platform says that the access is no more. What it said before somebody agreed anew is over; what all of an App share is not one account's. */
  async refused(live: Runnable, is: 'REVOKED' | 'UNINSTALLED', atMs: number): Promise<boolean> {
    const auth = tokenAuthOf(live);
    if (auth === undefined || auth.shared === 'app') return false;
    const id = await this.#idFor(live, auth);
    const { authorizedAt } = await this.#book.fresh(id);
    if (authorizedAt === null || authorizedAt.getTime() <= atMs) await this.#renewal.kill(id, accessWords(is, auth));
    return true;
  }

  /** Nobody uses it any more: the platform is told where the connector can, and nothing of it is kept. */
  async giveBack(live: Runnable): Promise<Failure | null> {
    const { grantId } = live;
    if (grantId === null || (await this.store.users(grantId)).length > 0) return null;
    return this.#renewal.alone(grantId, async () => {
      const { credential, status } = await this.#book.fresh(grantId);
      if (tokenAuthOf(live)?.revoke && credential !== null && status === 'ALIVE') {
        const ran = await this.#options.runner().ask(live, { op: 'revoke', have: credential }, { withoutCredential: true });
        // What the platform does not know any more needs no revoking.
        if (!ran.ok && ran.failure.code !== 'BAD_CREDENTIALS' && ran.failure.code !== 'NOT_FOUND') return ran.failure;
      }
      await this.store.end(grantId, this.#now());
      this.forget(grantId);
      return null;
    });
  }

  /** The credential turned out to be for something else; where others use it too it is not the connection's to end. */
  async dismiss(id: string, words: string): Promise<void> {
    if ((await this.store.users(id)).length > 1) return;
    await this.#renewal.kill(id, words);
  }

  /** The grant whose credential the connection uses. */
  async #idFor(live: Runnable, auth: Auth): Promise<string> {
    if (live.grantId !== null) return live.grantId;
    const holder = auth.shared === 'app' && live.appId !== null ? live.appId : live.id;
    const id = this.#ids.get(holder) ?? (await this.store.idOf(holder, live.connectorId, this.#options.clock.now()));
    this.#ids.set(holder, id);
    if (live.id !== live.appId) await this.store.give(live.id, id);
    return id;
  }

  #now(): Date {
    return new Date(this.#options.clock.now());
  }
}
