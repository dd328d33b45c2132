import type { Connector, Plain } from '@valehub/connector-kit';
import { type Forger, forgerFor } from '@valehub/connector-kit/testing';
import type { FactIntake } from '../../../src/connectors/facts/fact-intake.ts';
import type { ConnectDraft, ConnectionRecord } from '../../../src/domain/connection/connection.types.ts';
import { ADMIN, type ConnectorHub } from './connector-hub.ts';
import { CLIENT_SECRET, type OAuthPlatform, SIGNING_KEY } from './made-up-oauth.ts';

export const APP_SETTINGS = { clientId: 'client-1', clientSecret: CLIENT_SECRET, signingKey: SIGNING_KEY };

/** Remembers the events that connections bring, as `<connection> <key>`. */
export function remembering(): { readonly events: string[]; readonly intake: () => FactIntake } {
  const events: string[] = [];
  const intake = (): FactIntake => ({
    order: () => Promise.resolve({ refused: [] }),
    basketOf: () => Promise.reject(new Error('Nobody asks about a check here.')),
    orderGone: () => Promise.resolve(),
    customer: () => Promise.resolve(null),
    customerOf: () => Promise.resolve(null),
    event: ({ key }) => {
      events.push(key);
      return Promise.resolve();
    },
  });
  return { events, intake };
}

export async function createApp(hub: ConnectorHub, platform: OAuthPlatform, connectorId = 'made-up-oauth'): Promise<string> {
  const settings = { ...APP_SETTINGS, apiBaseUrl: platform.url };
  return (await hub.host.apps.create(ADMIN, { connectorId, name: 'Our app', settings })).id;
}

export function connect(hub: ConnectorHub, appId: string | null, draft: Partial<ConnectDraft> = {}): Promise<ConnectionRecord> {
  return hub.host.desk.connect(ADMIN, { connectorId: 'made-up-oauth', appId, name: 'Triana', storeId: null, settings: {}, ...draft });
}

/** Sends somebody to the platform, who agrees and comes back. Gives the page. */
export async function authorize(
  hub: ConnectorHub,
  platform: OAuthPlatform,
  id: string,
  query: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly text: string }> {
  const { url } = await hub.host.authorizations.begin(ADMIN, id);
  return comeBack(hub, { state: stateOf(url), code: platform.agree(), ...query });
}

export const stateOf = (url: string): string => new URL(url).searchParams.get('state') ?? '';

export async function comeBack(hub: ConnectorHub, query: Readonly<Record<string, string>>) {
  const response = await fetch(`${hub.url}/oauth/callback?${new URLSearchParams(query)}`);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** A connection to which somebody has agreed. */
export async function connected(hub: ConnectorHub, platform: OAuthPlatform, appId: string | null, draft: Partial<ConnectDraft> = {}) {
  const { id } = await connect(hub, appId, draft);
  await authorize(hub, platform, id);
  const record = await hub.host.desk.connection(id);
  if (record === null) throw new Error('The connection is gone.');
  return record;
}

export const signer = (connector: Connector, key = SIGNING_KEY): Forger => forgerFor(connector, { signingKey: key });

/** An event of the made-up platform, sent to one of the hub's addresses; gives the status. */
export async function send(
  forger: Forger,
  url: string,
  events: readonly { readonly id: string; readonly account?: string; readonly type?: string; readonly at?: string }[],
  to = url,
): Promise<number> {
  const body: Plain = { events: events.map((event) => ({ type: 'thing.happened', ...event })) };
  const signed = forger.sign({ url, body: JSON.stringify(body), at: 0 });
  const response = await fetch(to, {
    method: 'POST',
    headers: signed.headers.map(([name, value]) => [name, value] as [string, string]),
    body: Buffer.from(signed.body),
  });
  await response.arrayBuffer();
  return response.status;
}
