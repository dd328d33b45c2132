import type { Credential } from '@valehub/connector-kit';
import type pg from 'pg';
import { z } from 'zod';
import type { ConnectionStatus, GrantStatus } from '../../domain/connection/connection.types.ts';
import { storableJson, storableText } from '../../domain/connection/storable.ts';
import { newId } from '../../domain/shared/ids.ts';
import { CONNECTIONS_CHANNEL } from '../connections/connection-book.ts';
import type { SecretBox } from '../connections/secret-box.ts';
import { renewAtMs } from './grant.rules.ts';

/** A grant with its credential opened. */
export interface Grant {
  readonly id: string;
  readonly holder: string;
  readonly status: GrantStatus;
  readonly credential: Credential | null;
  /** The credential as it lies there: what is stored over it goes by this. */
  readonly sealed: string | null;
  readonly deadReason: string | null;
  readonly authorizedAt: Date | null;
  readonly renewingSince: Date | null;
  readonly version: number;
}

type Row = Omit<Grant, 'credential'> & { readonly facts: Record<string, string> };

const COLUMNS = `id, holder, status, credential as sealed, facts, dead_reason as "deadReason", authorized_at as "authorizedAt",
  renewing_since as "renewingSince", version`;

const sealedSchema = z.object({
  secrets: z.record(z.string(), z.string()),
  expiresAt: z.string().optional(),
  useBefore: z.string().optional(),
});

/** Tells every process, and through the connections' books every connection that uses the grant. */
const telling = (change: string): string =>
  `with changed as (${change} returning id) select pg_notify('${CONNECTIONS_CHANNEL}', id) from changed`;

export class GrantStore {
  readonly #pool: pg.Pool;
  readonly #box: SecretBox;

  constructor(pool: pg.Pool, box: SecretBox) {
    this.#pool = pool;
    this.#box = box;
  }

  async find(id: string): Promise<Grant | undefined> {
    const { rows } = await this.#pool.query<Row>(`select ${COLUMNS} from credential_grant where id = $1`, [id]);
    return rows[0] && this.#opened(rows[0]);
  }

  /** The grant of a connection or App, made where there is none. */
  async idOf(holder: string, connectorId: string, nowMs: number): Promise<string> {
    const { rows } = await this.#pool.query<{ id: string }>(
      `insert into credential_grant (id, holder, connector_id, facts, status, version, created_at, updated_at) values ($1, $2, $3, '{}', 'NEW', 1, $4, $4)
       on conflict (holder) do update set holder = excluded.holder returning id`,
      [newId('grant', nowMs), holder, connectorId, new Date(nowMs)],
    );
    return (rows[0] as { id: string }).id;
  }

  /** From now on the connection uses this one. */
  async give(connectionId: string, grantId: string): Promise<void> {
    await this.#pool.query(
      `with given as (update connection set grant_id = $2, version = version + 1 where id = $1 and grant_id is distinct from $2 returning id)
       select pg_notify('${CONNECTIONS_CHANNEL}', id) from given`,
      [connectionId, grantId],
    );
  }

  async renewing(id: string, now: Date): Promise<void> {
    await this.#pool.query('update credential_grant set renewing_since = $2 where id = $1', [id, now]);
  }

  /** The renewal ended, and the platform surely gave nothing. */
  async notRenewed(id: string): Promise<void> {
    await this.#pool.query('update credential_grant set renewing_since = null where id = $1', [id]);
  }

  async renewLater(id: string, at: Date): Promise<void> {
    await this.#pool.query('update credential_grant set renew_at = $2 where id = $1 and renew_at is not null', [id, at]);
  }

  /** Keeps a new credential; false where somebody kept another one since `seen` was read. */
  async save(seen: Grant, credential: Credential, nowMs: number, by: 'renewal' | 'person'): Promise<boolean> {
    const { facts, ...kept } = credential;
    const renewAt = renewAtMs(credential, nowMs);
    const { rowCount } = await this.#pool.query(
      telling(
        `update credential_grant set credential = $3, facts = facts || $4::jsonb, status = 'ALIVE', dead_reason = null, renewing_since = null,
           expires_at = $5, use_before = $6, renew_at = $7, authorized_at = case when $8 then $9::timestamptz else authorized_at end, version = version + 1, updated_at = $9
         where id = $1 and credential is not distinct from $2 and status <> 'ENDED'`,
      ),
      [
        seen.id,
        seen.sealed,
        this.#box.seal('grant', seen.id, kept),
        storableJson(facts ?? {}),
        dateOf(credential.expiresAt),
        dateOf(credential.useBefore),
        renewAt === null ? null : new Date(renewAt),
        by === 'person',
        new Date(nowMs),
      ],
    );
    return rowCount === 1;
  }

  /** Nothing is tried with it until a person acts. */
  async kill(id: string, words: string, now: Date): Promise<void> {
    await this.#pool.query(
      telling(
        `update credential_grant set status = 'DEAD', dead_reason = $2, renewing_since = null, renew_at = null, version = version + 1, updated_at = $3 where id = $1 and status <> 'ENDED'`,
      ),
      [id, storableText(words), now],
    );
  }

  /** A person has acted: dead ones are tried again. `anew`: what was obtained with other credentials is thrown away. */
  async revive(ids: readonly string[], now: Date, anew = false): Promise<void> {
    await this.#pool.query(
      telling(
        `update credential_grant set status = case when credential is null or $3 then 'NEW' else 'ALIVE' end, dead_reason = null,
           credential = case when $3 then null else credential end, version = version + 1, updated_at = $2
         where id = any($1) and (status = 'DEAD' or ($3 and status = 'ALIVE'))`,
      ),
      [ids, now, anew],
    );
  }

  /** Given back: nothing of it is kept. An App's begins anew with its next connection. */
  async end(id: string, now: Date): Promise<void> {
    await this.#pool.query(
      telling(
        `update credential_grant set status = case when starts_with(holder, 'app_') then 'NEW' else 'ENDED' end, credential = null, facts = '{}', dead_reason = null,
           renew_at = null, renewing_since = null, expires_at = null, use_before = null, version = version + 1, updated_at = $2 where id = $1`,
      ),
      [id, now],
    );
  }

  /** Those that are to be renewed now; nobody else is given them for as long as `lease`. */
  async due(now: Date, lease: Date, room: number): Promise<readonly string[]> {
    const { rows } = await this.#pool.query<{ id: string }>(
      `update credential_grant set renew_at = $2 where id in
         (select id from credential_grant where renew_at <= $1 order by renew_at limit $3 for update skip locked) returning id`,
      [now, lease, room],
    );
    return rows.map(({ id }) => id);
  }

  /** It was looked after; where that set when it is due next, that stands. */
  async done(id: string, lease: Date, next: Date): Promise<void> {
    await this.#pool.query('update credential_grant set renew_at = $3 where id = $1 and renew_at = $2', [id, lease, next]);
  }

  /** The connections that use it, oldest first: those that are not disconnected. */
  async users(id: string): Promise<readonly { readonly id: string; readonly status: ConnectionStatus }[]> {
    const { rows } = await this.#pool.query<{ id: string; status: ConnectionStatus }>(
      `select id, status from connection where grant_id = $1 and status <> 'DISCONNECTED' order by created_at, id`,
      [id],
    );
    return rows;
  }

  #opened({ facts, ...row }: Row): Grant {
    if (row.sealed === null) return { ...row, credential: null };
    const { secrets, expiresAt, useBefore } = this.#box.open(sealedSchema, 'grant', row.id, row.sealed);
    const credential = {
      secrets,
      facts,
      ...(expiresAt === undefined ? {} : { expiresAt }),
      ...(useBefore === undefined ? {} : { useBefore }),
    };
    return { ...row, credential };
  }
}

const dateOf = (instant: string | undefined): Date | null => (instant === undefined ? null : new Date(instant));
