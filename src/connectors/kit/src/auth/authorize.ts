import type { Connector } from '../connector.ts';
import { CallError } from '../failure.ts';
import { authOf, type ContextOptions } from '../http/create-context.ts';
import type { HostLeave } from '../http/hosts.ts';
import { addressOf } from '../http/outgoing.ts';
import { fillTemplate } from '../http/template.ts';
import { type KeyRing, type Verified, verifyByScheme } from '../inbound/verify.ts';

export interface AuthorizationRequest {
  /** Unguessable; comes back with the callback. */
  readonly state: string;
  readonly redirectUri: string;
  /** PKCE S256, where the connector wants it. */
  readonly challenge?: string;
}

type Given = Pick<ContextOptions, 'settings' | 'secrets' | 'facts' | 'account'>;

/** Where to send the person who shall agree. Throws `CallError` where a setting is missing. */
export function authorizationUrl(connector: Connector, given: Given, request: AuthorizationRequest, leave: HostLeave): string {
  const authorize = authOf(connector, given)?.authorize;
  if (!authorize) throw new CallError({ code: 'NOT_SUPPORTED', message: 'Nobody has to agree to this connection in a browser.' });
  const values = {
    version: connector.versions[0].id,
    settings: given.settings,
    secrets: given.secrets,
    facts: given.facts ?? {},
    credential: {},
    account: given.account,
  };
  const name = authorize.clientId ?? 'clientId';
  const clientId = given.secrets[name] ?? (given.settings as Record<string, unknown>)[name];
  if (typeof clientId !== 'string')
    throw new CallError({ code: 'BAD_CREDENTIALS', message: 'The client id of the developer app has not been entered.' });
  const url = addressOf(connector, { host: authorize.host, path: authorize.path }, values, leave);
  const query: Record<string, string | undefined> = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: request.redirectUri,
    state: request.state,
    ...(authorize.scopes.length === 0 ? {} : { scope: authorize.scopes.join(authorize.scopeSeparator ?? ' ') }),
    ...(authorize.pkce && request.challenge !== undefined ? { code_challenge: request.challenge, code_challenge_method: 'S256' } : {}),
    ...Object.fromEntries(Object.entries(authorize.query ?? {}).map(([key, template]) => [key, fillTemplate(template, values)])),
  };
  for (const [key, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(key, value);
  return url.href;
}

/**
 * Checks the way back where the platform signs it: the signature stands in the query, over the other members in the order of their names,
 * encoded as in a query (`a=1&b=2%3D`). Platforms that do not sign it pass: the state is theirs to prove.
 */
export async function verifyCallback(
  connector: Connector,
  given: Given,
  query: Readonly<Record<string, string>>,
  keys: KeyRing,
  nowMs: number,
): Promise<Verified> {
  const scheme = authOf(connector, given)?.authorize?.callback;
  if (!scheme || !('signature' in scheme) || !('query' in scheme.signature)) return { ok: true };
  const { [scheme.signature.query]: _signature, ...others } = query;
  const message = new URLSearchParams(others);
  message.sort();
  return verifyByScheme(
    scheme,
    { method: 'GET', url: '', query: new URLSearchParams(query).toString(), headers: [], body: Buffer.from(message.toString()) },
    keys,
    nowMs,
  );
}
