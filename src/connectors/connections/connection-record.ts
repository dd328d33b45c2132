import { authOf } from '@valehub/connector-kit/host';
import type { Connection } from '../../domain/connection/connection.entity.ts';
import type { AuthorizationState, ConnectionRecord, GrantStatus } from '../../domain/connection/connection.types.ts';
import { subscribes } from '../subscriptions/subscription-desk.ts';
import type { LiveConnection } from './connection-book.ts';

/** A connection as callers see it. `grant`: how the credential that it uses is; null where it has none. */
export function connectionRecord(row: Connection, live: LiveConnection, grant: GrantStatus | null): ConnectionRecord {
  const { connector } = live;
  return {
    id: row.id,
    connectorId: row.connectorId,
    appId: row.appId,
    name: row.name,
    status: row.status,
    webhookUrl: row.status === 'DISCONNECTED' ? null : row.webhookUrl,
    lastError: row.lastError,
    account: row.account,
    accountName: row.accountName,
    accounts: (row.accounts ?? []).map(({ account, name }) => ({ account, name })),
    authorization: authorizationOf(live, grant),
    capabilities: live.capabilities,
    manualSubscription: connector === null ? null : manualWords({ ...live, connector }),
  };
}

function authorizationOf(live: LiveConnection, grant: GrantStatus | null): AuthorizationState {
  if (live.connector === null || authOf(live.connector, live)?.authorize === undefined) return 'NOT_NEEDED';
  if (grant === null || grant === 'NEW') return 'MISSING';
  return grant === 'ALIVE' ? 'GIVEN' : 'ENDED';
}

/** What a person has to do at the platform so that it calls the hub; null where the hub does it by itself. */
function manualWords(live: Parameters<typeof subscribes>[0]): string | null {
  return subscribes(live) ? null : (live.connector.webhooks?.subscriptions.manual ?? null);
}
