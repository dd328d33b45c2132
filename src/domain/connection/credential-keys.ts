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

/** Seals all credentials anew that the current key did not seal; all or, where one cannot be opened, none. Returns how many. */
export async function resealCredentials(pool: pg.Pool, keys: CredentialKeys, contextOf: (connectionId: string) => string): Promise<number> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ id: string; secrets: string }>(
      'select id, secrets from connection where secrets is not null order by id for update',
    );
    const old = rows.filter(({ secrets }) => !keys.isCurrent(secrets));
    for (const { id, secrets } of old) {
      const text = keys.open(secrets, contextOf(id));
      await client.query('update connection set secrets = $2 where id = $1', [id, keys.seal(text, contextOf(id))]);
    }
    return old.length;
  });
}

function ownKey(secret: Buffer): OwnKey {
  const keyring = new Keyring(secret);
  return { id: keyring.derive('credential key id').toString('hex').slice(0, 16), keyring };
}
