import { randomBytes } from 'node:crypto';
import { type Callback, CallError, pkcePair } from '@valehub/connector-kit';
import { authOf, authorizationUrl, type Transport, verifyCallback } from '@valehub/connector-kit/host';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Database } from '../../database/database.ts';
import { ormRunner } from '../../database/transaction.ts';
import { administratorsOnly } from '../../domain/access/administrators-only.ts';
import type { Actor } from '../../domain/access/roles.ts';
import { writeAudit } from '../../domain/audit/audit-writer.ts';
import { AuthorizationRequest } from '../../domain/connection/authorization-request.entity.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import { badInput, conflict, notFound } from '../../domain/shared/errors.ts';
import type { CheckUp } from '../connections/check-up.ts';
import type { ConnectionBook } from '../connections/connection-book.ts';
import { redirectUriOf } from '../connections/connector-record.ts';
import type { CredentialDesk } from '../credentials/credential-desk.ts';
import { withoutSecrets } from '../credentials/token-auth.ts';
import type { ConnectorRunner, Runnable } from '../runner/connector-runner.ts';
import { runnable } from '../runner/runnable.ts';
import type { UpkeepStore } from '../upkeep/upkeep-store.ts';
import { type AuthorizationAsked, AuthorizationStore, hashOf } from './authorization-store.ts';

export interface AuthorizationDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly book: ConnectionBook;
  readonly runner: ConnectorRunner;
  readonly credentials: CredentialDesk;
  readonly checkUp: CheckUp;
  readonly upkeep: UpkeepStore;
  readonly transport: Pick<Transport, 'allowPrivateHosts' | 'isPrivate'>;
  /** Without a closing slash. */
  readonly publicUrl: () => string;
}

/** Where to send whoever shall agree. */
export interface Authorization {
  readonly url: string;
  /** RFC 3339 */
  readonly expiresAt: string;
}

/** How it went with somebody who came back from a platform. `detail`: the platform's or the connector's own words. */
export type Outcome =
  | { readonly is: 'UNKNOWN' | 'LATE' | 'AGAIN' | 'FORGED' | 'GONE' }
  | { readonly is: 'REFUSED' | 'NOT_ACCEPTED' | 'NOT_WORKING'; readonly connection: string; readonly detail: string }
  | { readonly is: 'CHOOSE' | 'WORKS'; readonly connection: string };

const LIFE_MS = 15 * 60_000;

/** Has a person agree to a connection in a browser, and takes what they bring back. */
export class AuthorizationDesk {
  readonly #deps: AuthorizationDeps;
  readonly #store: AuthorizationStore;

  constructor(deps: AuthorizationDeps) {
    this.#deps = deps;
    this.#store = new AuthorizationStore(deps.database.pool);
  }

  async begin(actor: Actor, connectionId: string): Promise<Authorization> {
    administratorsOnly(actor, 'connect platforms');
    const { database, clock, book, publicUrl } = this.#deps;
    const live = await this.#live(connectionId);
    if (live === null) throw notFound('connection', connectionId);
    if (live.status === 'DISCONNECTED') throw conflict('The connection was disconnected for good; connect the account anew.');
    if (live.status === 'PAUSED') throw conflict('The connection is paused: nothing is asked of its platform.');
    const authorize = authOf(live.connector, live)?.authorize;
    if (authorize === undefined)
      throw badInput({
        path: 'id',
        message: 'Nobody has to agree to this connection in a browser: its credentials stand in its settings.',
      });
    const state = randomBytes(32).toString('base64url');
    const stateHash = hashOf(state);
    const pair = authorize.pkce ? await pkcePair() : null;
    const redirectUri = redirectUriOf(publicUrl());
    const url = this.#urlOf(live, { state, redirectUri, ...(pair === null ? {} : { challenge: pair.challenge }) });
    const nowMs = clock.now();
    const expiresAt = new Date(nowMs + LIFE_MS);
    await database.em().transactional(async (em) => {
      em.create(AuthorizationRequest, {
        stateHash,
        connectionId,
        verifier: pair === null ? null : book.box.seal('authorization', stateHash, { verifier: pair.verifier }),
        redirectUri,
        askedBy: actor.id,
        expiresAt,
        usedAt: null,
        createdAt: new Date(nowMs),
      });
      await em.flush();
      const after = { authorization: 'ASKED', expiresAt: expiresAt.toISOString() };
      const line = { at: nowMs, actorId: actor.id, operation: 'authorizeConnection', subjectId: connectionId, before: null, after };
      await writeAudit(ormRunner(em), line);
    });
    return { url, expiresAt: expiresAt.toISOString() };
  }

  /** Takes the way back: its state, then the platform's own signature, then what it brings. */
  async complete(query: Readonly<Record<string, string>>): Promise<Outcome> {
    const { clock } = this.#deps;
    const { state } = query;
    if (state === undefined) return { is: 'UNKNOWN' };
    const returned = await this.#store.comeBack(state, new Date(clock.now()));
    if (returned.is !== 'expected') return { is: { unknown: 'UNKNOWN', late: 'LATE', again: 'AGAIN' }[returned.is] as 'UNKNOWN' };
    const { asked, stateHash } = returned;
    const live = await this.#live(asked.connectionId);
    if (live === null || live.status === 'DISCONNECTED') return { is: 'GONE' };
    const verified = await verifyCallback(live.connector, givenOf(live), query, (name) => live.keys[name] ?? [], clock.now());
    if (!verified.ok) return { is: 'FORGED' };
    const { error, error_description: description } = query;
    if (error !== undefined)
      return { is: 'REFUSED', connection: live.name, detail: description === undefined ? error : `${error}: ${description}` };
    return this.#accept(live, asked, stateHash, query);
  }

  async #accept(live: Runnable, asked: AuthorizationAsked, stateHash: string, query: Readonly<Record<string, string>>): Promise<Outcome> {
    const { runner, credentials, checkUp, upkeep, clock, log } = this.#deps;
    const callback: Callback = { query, redirectUri: asked.redirectUri, ...this.#verifier(asked, stateHash) };
    const ran = await runner.ask(live, { op: 'accept', callback }, { withoutCredential: true });
    if (!ran.ok) {
      log.warn({ connection: live.id, code: ran.failure.code }, 'what came back from the platform was not good for a credential');
      const { code = '' } = query;
      const { message } = withoutSecrets(ran.failure, { ...live.secrets, code, verifier: callback.codeVerifier ?? '' });
      return { is: 'NOT_ACCEPTED', connection: live.name, detail: message };
    }
    const grantId = await credentials.adopt(live, ran.value);
    await this.#auditAgreed(live, asked);
    const failure = await checkUp.test(live.id);
    // Whoever agreed was logged in as somebody else than last time: that must not be used here.
    if (failure?.foreign) await credentials.dismiss(grantId, failure.message);
    await upkeep.retest({ grantId, except: live.id }, new Date(clock.now()));
    if (failure === null) return { is: 'WORKS', connection: live.name };
    const choices = await this.#choices(live.id);
    return choices > 1 ? { is: 'CHOOSE', connection: live.name } : { is: 'NOT_WORKING', connection: live.name, detail: failure.message };
  }

  async #auditAgreed(live: Runnable, { askedBy }: AuthorizationAsked): Promise<void> {
    await writeAudit(this.#deps.database.pool, {
      at: this.#deps.clock.now(),
      actorId: askedBy,
      operation: 'authorizeConnection',
      subjectId: live.id,
      before: { authorization: 'ASKED' },
      after: { authorization: 'GIVEN' },
    });
  }

  /** How many accounts a person still has to choose among. */
  async #choices(id: string): Promise<number> {
    const { rows } = await this.#deps.database.pool.query<{ count: number }>(
      `select case when account is null then jsonb_array_length(coalesce(accounts, '[]')) else 0 end as count from connection where id = $1`,
      [id],
    );
    return rows[0]?.count ?? 0;
  }

  #verifier({ verifier }: AuthorizationAsked, stateHash: string): { readonly codeVerifier?: string } {
    if (verifier === null) return {};
    const opened = this.#deps.book.box.open(z.strictObject({ verifier: z.string() }), 'authorization', stateHash, verifier);
    return { codeVerifier: opened.verifier };
  }

  #urlOf(live: Runnable, request: Parameters<typeof authorizationUrl>[2]): string {
    try {
      return authorizationUrl(live.connector, givenOf(live), request, this.#deps.transport);
    } catch (fault) {
      if (fault instanceof CallError) throw conflict(fault.failure.message);
      throw fault;
    }
  }

  async #live(id: string): Promise<Runnable | null> {
    return runnable(await this.#deps.book.get(id));
  }
}

const givenOf = ({ account, settings, secrets, facts }: Runnable) => ({
  settings,
  secrets,
  facts,
  ...(account === null ? {} : { account }),
});
