import type pg from 'pg';
import { inTransaction } from '../../database/transaction.ts';
import { HubError } from '../shared/errors.ts';
import { Keyring } from '../shared/keyring.ts';

interface Given {
  readonly keyring: Keyring;
  /** 32 bytes; null = the hub's secret. */
  readonly current: Buffer | null;
  /** Still opened, never sealed with. */
  readonly previous: Buffer | null;
}

interface OwnKey {
  readonly id: string;
  readonly keyring: Keyring;
}

/** Before what was sealed under a key of its own: `k.<key>.`. Without it the hub's secret sealed it. */
const OWN = /^k\.([0-9a-f]{16})\.(.+)$/s;

/**
 * The keys that seal the credentials of connections. They may have one apart from the hub's secret, because that one can never change:
 * every printed code hangs on it.
 */
export class CredentialKeys {
  readonly #hub: Keyring;
  readonly #current: OwnKey | null;
  readonly #known: ReadonlyMap<string, Keyring>;

  constructor({ keyring, current, previous }: Given) {
    this.#hub = keyring;
    this.#current = current && ownKey(current);
    const known = [this.#current, previous && ownKey(previous)].filter((key) => key !== null);
    this.#known = new Map(known.map(({ id, keyring: own }) => [id, own]));
  }

  seal(text: string, context = ''): string {
    return this.#current ? `k.${this.#current.id}.${this.#current.keyring.seal(text, context)}` : this.#hub.seal(text, context);
  }

  /** Throws where it was sealed under a key that is not given, or under another context. */
  open(sealed: string, context = ''): string {
    const [, id, text] = OWN.exec(sealed) ?? [];
    if (id === undefined || text === undefined) return this.#hub.open(sealed, context);
    const keyring = this.#known.get(id);
    if (!keyring)
      throw new HubError(
        'UNAVAILABLE',
        'Credentials of connections are sealed under a key that is not given: set VALEHUB_CREDENTIALS_KEY, or VALEHUB_CREDENTIALS_KEY_PREVIOUS, to the one they were sealed with.',
      );
    return keyring.open(text, context);
  }

  isCurrent(sealed: string): boolean {
    return (OWN.exec(sealed)?.[1] ?? null) === (this.#current?.id ?? null);
  }
}

/** What a sealed text belongs to: one that is copied into another row does not open there. */
export type SealedOf = 'connection' | 'app' | 'grant' | 'subscription' | 'authorization';
export const sealContext = (of: SealedOf, id: string): string => `${of} ${id}`;

interface SealedColumn {
  readonly of: SealedOf;
  readonly table: string;
  readonly key: string;
  readonly column: string;
}

/** Every column that holds credentials for longer than a quarter of an hour. */
const SEALED_COLUMNS: readonly SealedColumn[] = [
  { of: 'connection', table: 'connection', key: 'id', column: 'secrets' },
  { of: 'connection', table: 'connection', key: 'id', column: 'previous_secrets' },
  { of: 'app', table: 'app', key: 'id', column: 'secrets' },
  { of: 'app', table: 'app', key: 'id', column: 'previous_secrets' },
  { of: 'grant', table: 'credential_grant', key: 'id', column: 'credential' },
  { of: 'subscription', table: 'webhook_subscription', key: 'holder', column: 'secrets' },
  { of: 'subscription', table: 'webhook_subscription', key: 'holder', column: 'previous_secrets' },
];

/** Seals all credentials anew that the current key did not seal; all or, where one cannot be opened, none. Returns how many. */
export async function resealCredentials(pool: pg.Pool, keys: CredentialKeys): Promise<number> {
  return inTransaction(pool, async (client) => {
    let count = 0;
    for (const { of, table, key, column } of SEALED_COLUMNS) {
      const { rows } = await client.query<{ id: string; sealed: string }>(
        `select ${key} as id, ${column} as sealed from ${table} where ${column} is not null order by ${key} for update`,
      );
      for (const { id, sealed } of rows.filter((row) => !keys.isCurrent(row.sealed))) {
        const context = sealContext(of, id);
        await client.query(`update ${table} set ${column} = $2 where ${key} = $1`, [id, keys.seal(keys.open(sealed, context), context)]);
        count += 1;
      }
    }
    return count;
  });
}

function ownKey(secret: Buffer): OwnKey {
  const keyring = new Keyring(secret);
  return { id: keyring.derive('credential key id').toString('hex').slice(0, 16), keyring };
}
