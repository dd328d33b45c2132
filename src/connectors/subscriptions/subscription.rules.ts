import { FAILURES, type Failure, type Subscription } from '@valehub/connector-kit';
import type { KeptSubscription } from '../../domain/connection/connection.types.ts';
import type { KeyValues, Secrets } from '../connections/secret-box.ts';
import { waitMs } from '../outbox/settlement.rules.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const FIRST_RETRY_MS = 15 * MINUTE_MS;

/** A holder's keys by subscription and name. */
export type SubscriptionSecrets = Readonly<Record<string, Secrets>>;

export interface Keeping {
  readonly subscriptions: readonly KeptSubscription[];
  readonly secrets: SubscriptionSecrets;
  /** Keys that are in force no more, which platforms go on to sign with for a while. */
  readonly replaced: KeyValues;
}

/** As the connector gets it again: of the secrets only the names. */
export const known = ({ id, topics, url, secretNames, expiresAt }: KeptSubscription): Subscription => ({
  id,
  topics,
  url,
  ...(secretNames.length === 0 ? {} : { secrets: Object.fromEntries(secretNames.map((name) => [name, ''])) }),
  ...(expiresAt === undefined ? {} : { expiresAt }),
});

/** What is kept of what the connector gave. A secret that it gave no value for stays as it was, since it never sees them. */
export function keeping(before: SubscriptionSecrets, given: readonly Subscription[]): Keeping {
  const secrets: Record<string, Secrets> = {};
  for (const { id, secrets: own = {} } of given) {
    const fresh = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== ''));
    const all = { ...before[id], ...fresh };
    if (Object.keys(all).length > 0) secrets[id] = all;
  }
  const inForce = new Set(Object.values(secrets).flatMap((own) => Object.entries(own).map((pair) => JSON.stringify(pair))));
  const gone = Object.values(before)
    .flatMap((own) => Object.entries(own))
    .filter((pair) => !inForce.has(JSON.stringify(pair)));
  return {
    secrets,
    replaced: together(gone.map(([name, value]) => ({ [name]: [value] }))),
    subscriptions: given.map(({ id, topics, url, expiresAt }) => ({
      id,
      topics,
      url,
      secretNames: Object.keys(secrets[id] ?? {}),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    })),
  };
}

export const together = (all: readonly KeyValues[]): KeyValues => {
  const names = new Set(all.flatMap((values) => Object.keys(values)));
  return Object.fromEntries([...names].map((name) => [name, [...new Set(all.flatMap((values) => values[name] ?? []))]]));
};

/** Daily, and in the last quarter of the life of what expires sooner. */
export function dueAtMs(subscriptions: readonly KeptSubscription[], nowMs: number): number {
  const ends = subscriptions.flatMap(({ expiresAt }) => (expiresAt === undefined ? [] : [nowMs + (Date.parse(expiresAt) - nowMs) * 0.75]));
  return Math.max(Math.min(nowMs + DAY_MS, ...ends), nowMs + MINUTE_MS);
}

/** When a failed one is tried again. */
export function retryAtMs(failure: Failure, attempts: number, nowMs: number): number {
  switch (FAILURES[failure.code].retry) {
    case 'NEVER':
      return nowMs + DAY_MS;
    case 'WHEN_TOLD':
      return nowMs + Math.max(waitMs(failure), MINUTE_MS);
    case 'BACK_OFF':
      return nowMs + Math.min(FIRST_RETRY_MS * 2 ** Math.min(attempts, 10), DAY_MS);
  }
}

/** Whether it is something that a person can mend; what only takes time is noted. */
export const isForPerson = ({ code }: Failure): boolean => {
  const { actor } = FAILURES[code];
  return actor !== 'PLATFORM' && actor !== 'NOBODY';
};
