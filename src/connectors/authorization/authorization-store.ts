import { createHash } from 'node:crypto';
import type pg from 'pg';

/** Somebody who is expected back from a platform. */
export interface AuthorizationAsked {
  readonly connectionId: string;
  /** Sealed. */
  readonly verifier: string | null;
  readonly redirectUri: string;
  readonly askedBy: string;
}

export type Returned =
  | { readonly is: 'expected'; readonly asked: AuthorizationAsked; readonly stateHash: string }
  | { readonly is: 'unknown' | 'late' | 'again' };

export const hashOf = (state: string): string => createHash('sha256').update(state).digest('hex');

export class AuthorizationStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** A state is good once, whoever comes with it, in whatever process. */
  async comeBack(state: string, now: Date): Promise<Returned> {
    const stateHash = hashOf(state);
    const { rows } = await this.#pool.query<AuthorizationAsked>(
      `update authorization_request set used_at = $2 where state_hash = $1 and used_at is null and expires_at > $2
       returning connection_id as "connectionId", verifier, redirect_uri as "redirectUri", asked_by as "askedBy"`,
      [stateHash, now],
    );
    const [asked] = rows;
    if (asked !== undefined) return { is: 'expected', asked, stateHash };
    const {
      rows: [known],
    } = await this.#pool.query<{ used: boolean }>('select used_at is not null as used from authorization_request where state_hash = $1', [
      stateHash,
    ]);
    if (known === undefined) return { is: 'unknown' };
    return { is: known.used ? 'again' : 'late' };
  }
}
