import type { AppRecord } from '../domain/connection/app.types.ts';
import type { ConnectionRecord } from '../domain/connection/connection.types.ts';
import type { App, ConnectedPlatform, Connector } from './connector.results.ts';
import type { Context } from './context.ts';

/** MARKETING and ACCOUNTING hear how a connection does, not where it is reached and whose it is. */
const mayReach = ({ actor: { role } }: Context): boolean => role === 'ADMIN' || role === 'CONNECTOR';

export function connectionRecordView(context: Context, record: ConnectionRecord): ConnectedPlatform {
  const own = mayReach(context) ? record : { ...record, webhookUrl: null, account: null, accountName: null };
  return context.actor.role === 'ADMIN' ? own : { ...own, accounts: null, manualSubscription: null };
}

export const appView = (context: Context, record: AppRecord): App => (mayReach(context) ? record : { ...record, webhookUrl: null });

/** A plugin that was taken out leaves its connections; they show its name. */
export function connectorOf(context: Context, id: string): Connector {
  const installed = context.services.connectors.connectors().find((connector) => connector.id === id);
  return (
    installed ?? { id, title: id, version: '0.0.0', roles: [], settingsSchema: {}, appSchema: null, capabilities: {}, redirectUri: null }
  );
}
