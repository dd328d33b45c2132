import { appRunnable } from '../connections/app-book.ts';
import type { ConnectionBook, LiveConnection } from '../connections/connection-book.ts';
import type { KeyValues } from '../connections/secret-box.ts';
import type { Runnable } from '../runner/connector-runner.ts';

/** An address of the hub that a platform calls: a connection's own, or an App's. */
export interface Address {
  /** In whose name what comes in is split. */
  readonly live: Runnable;
  /** The App whose address it is; null = a connection's own. */
  readonly appId: string | null;
  /** What the platform may have signed: the address as registered, and as it is now. */
  readonly urls: readonly [string, ...string[]];
  readonly keys: KeyValues;
}

/** `undefined`: nobody is called there. `of`: whose address it would be, for the metrics. */
export type FoundAddress = { readonly address: Address | undefined; readonly of: string };

const isCalled = ({ connector }: { readonly connector: LiveConnection['connector'] }): boolean =>
  connector?.webhooks !== undefined || connector?.questions !== undefined;

const urlsOf = (registered: string | null, now: string): readonly [string, ...string[]] =>
  registered === null || registered === now ? [now] : [registered, now];

/** A connection behind an App has no address of its own: its platform knows the App's. */
export async function connectionAddress(book: ConnectionBook, id: string, publicUrl: string): Promise<FoundAddress> {
  const live = await book.get(id);
  if (live?.connector == null || live.appId !== null || live.status === 'DISCONNECTED' || !isCalled(live))
    return { address: undefined, of: live?.connectorId ?? '' };
  const { connector, connectorId: of } = live;
  return {
    of,
    address: { live: { ...live, connector }, appId: null, urls: urlsOf(live.webhookUrl, `${publicUrl}/webhooks/${id}`), keys: live.keys },
  };
}

export async function appAddress(book: ConnectionBook, id: string, publicUrl: string): Promise<FoundAddress> {
  const app = await book.apps.get(id);
  if (app?.connector == null || !isCalled(app)) return { address: undefined, of: app?.connectorId ?? '' };
  const { connector, connectorId: of } = app;
  return {
    of,
    address: {
      live: appRunnable({ ...app, connector }),
      appId: id,
      urls: urlsOf(app.webhookUrl, `${publicUrl}/webhooks/apps/${id}`),
      keys: app.keys,
    },
  };
}

/** Where a question of a connector is asked. */
export const questionAddress = ({ urls: [first, ...others], ...address }: Address, question: string): Address => ({
  ...address,
  urls: [`${first}/${question}`, ...others.map((url) => `${url}/${question}`)],
});
