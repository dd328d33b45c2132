import { type Auth, CallError, type Credential, type Failure } from '@valehub/connector-kit';
import { authOf, redactor } from '@valehub/connector-kit/host';
import type { Runnable } from '../runner/connector-runner.ts';
import { NOBODY_AGREED } from './grant.rules.ts';
import type { Grant } from './grant-store.ts';

/** The way in force, where it gives tokens. */
export function tokenAuthOf(live: Runnable): Auth | undefined {
  const auth = authOf(live.connector, live);
  return auth?.by === 'token' ? auth : undefined;
}

export const isUsable = ({ status }: Grant): boolean => status === 'ALIVE' || status === 'NEW';

export const isSame = (one: Credential, other: Credential | null): boolean =>
  other !== null && JSON.stringify(one.secrets) === JSON.stringify(other.secrets);

export function credentialOf({ credential, deadReason }: Grant): Credential {
  if (credential === null) throw badCredentials(deadReason ?? NOBODY_AGREED);
  return credential;
}

/** What a platform says of a log-in may repeat what it was sent. */
export function withoutSecrets(failure: Failure, secrets: Readonly<Record<string, string>>): Failure {
  return { ...failure, message: redactor(secrets)(failure.message) };
}

export const badCredentials = (message: string): CallError => new CallError({ code: 'BAD_CREDENTIALS', message });
