import type { ConnectionRecord } from '../domain/connection/connection.types.ts';
import type { ConnectedPlatform, Connector } from './connector.results.ts';
import type { Context } from './context.ts';

/** MARKETING and ACCOUNTING hear how a connection does, not where it is reached. */
export function connectionRecordView(context: Context, record: ConnectionRecord): ConnectedPlatform {
  const { role } = context.actor;
  const { id, connectorId, name, status, webhookUrl, lastError } = record;
  return { id, connectorId, name, status, webhookUrl: role === 'ADMIN' || role === 'CONNECTOR' ? webhookUrl : null, lastError };
}

/** A plugin that was taken out leaves its connections; they show its name. */
export function connectorOf(context: Context, id: string): Connector {
  const installed = context.services.connectors.connectors().find((connector) => connector.id === id);
  return installed ?? { id, title: id, version: '0.0.0', roles: [], settingsSchema: {}, appSchema: null, capabilities: {} };
}
