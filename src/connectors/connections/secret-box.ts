import { z } from 'zod';
import { type SealedOf, sealContext } from '../../domain/connection/credential-keys.ts';
import type { Keyring } from '../../domain/shared/keyring.ts';

export type Secrets = Readonly<Record<string, string>>;
/** All values of a secret that verify now, by its name. */
export type KeyValues = Readonly<Record<string, readonly string[]>>;

const secretsSchema = z.record(z.string(), z.string());
const valuesSchema = z.record(z.string(), z.array(z.string()));
const bySubscriptionSchema = z.record(z.string(), secretsSchema);

/** Seals what nobody may read, each for its own place. Empty things are null. */
export class SecretBox {
  readonly #keyring: Pick<Keyring, 'seal' | 'open'>;

  constructor(keyring: Pick<Keyring, 'seal' | 'open'>) {
    this.#keyring = keyring;
  }

  seal(of: SealedOf, id: string, value: object): string | null {
    return Object.keys(value).length === 0 ? null : this.#keyring.seal(JSON.stringify(value), sealContext(of, id));
  }

  secrets(of: SealedOf, id: string, sealed: string | null): Secrets {
    return this.#open(secretsSchema, of, id, sealed) ?? {};
  }

  keyValues(of: SealedOf, id: string, sealed: string | null): KeyValues {
    return this.#open(valuesSchema, of, id, sealed) ?? {};
  }

  /** Of a holder's subscriptions, by their ids. */
  ofSubscriptions(holder: string, sealed: string | null): Readonly<Record<string, Secrets>> {
    return this.#open(bySubscriptionSchema, 'subscription', holder, sealed) ?? {};
  }

  open<T>(schema: z.ZodType<T>, of: SealedOf, id: string, sealed: string): T {
    return schema.parse(JSON.parse(this.#keyring.open(sealed, sealContext(of, id))));
  }

  #open<T>(schema: z.ZodType<T>, of: SealedOf, id: string, sealed: string | null): T | null {
    return sealed === null ? null : this.open(schema, of, id, sealed);
  }
}
