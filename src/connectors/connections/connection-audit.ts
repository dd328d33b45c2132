import { canonicalJson } from '../../domain/shared/canonical.ts';

interface Facts {
  readonly connectorId: string;
  readonly appId: string | null;
  readonly name: string;
  readonly storeId: string | null;
  readonly paused: boolean;
  readonly settings: object;
  readonly secrets: object;
}

/** What the audit tells of a connection: of settings and secrets which are given and which were changed, never what they say. */
export function connectionFacts(before: Facts | null, now: Facts): Record<string, unknown> {
  const { connectorId, appId, name, storeId, paused } = now;
  return {
    connectorId,
    appId,
    name,
    storeId,
    paused,
    settings: membersOf(before?.settings, now.settings),
    secrets: membersOf(before?.secrets, now.secrets),
  };
}

/** The same of an App. */
export function appFacts(
  before: { readonly settings: object; readonly secrets: object } | null,
  now: { readonly connectorId: string; readonly name: string; readonly settings: object; readonly secrets: object },
): Record<string, unknown> {
  return {
    connectorId: now.connectorId,
    name: now.name,
    settings: membersOf(before?.settings, now.settings),
    secrets: membersOf(before?.secrets, now.secrets),
  };
}

function membersOf(before: object | undefined, now: object): Record<string, 'given' | 'changed'> {
  const known = new Map(Object.entries(before ?? {}));
  const told = ([name, value]: [string, unknown]): [string, 'given' | 'changed'] => [
    name,
    known.has(name) && canonicalJson(known.get(name) ?? null) !== canonicalJson(value ?? null) ? 'changed' : 'given',
  ];
  return Object.fromEntries(
    Object.entries(now)
      .filter(([, value]) => value !== undefined)
      .map(told),
  );
}
