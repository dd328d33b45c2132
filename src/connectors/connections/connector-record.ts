import { appSchema } from '@valehub/connector-kit/host';
import type { ConnectorRecord } from '../../domain/connection/connection.types.ts';
import type { InstalledConnector } from '../registry/registry.ts';

/** The one address that people come back to from any platform. */
export const redirectUriOf = (publicUrl: string): string => `${publicUrl}/oauth/callback`;

/** A connector as callers see it. */
export function connectorRecord({ connector, version, settingsSchema }: InstalledConnector, publicUrl: string): ConnectorRecord {
  const ways = 'length' in connector.auth ? connector.auth : [connector.auth];
  return {
    id: connector.id,
    title: connector.title,
    version,
    roles: Object.keys(connector.roles).sort(),
    settingsSchema,
    appSchema: appSchema(connector),
    capabilities: connector.capabilities,
    redirectUri: ways.some(({ authorize }) => authorize !== undefined) ? redirectUriOf(publicUrl) : null,
  };
}
