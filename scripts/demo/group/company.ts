import type { HubClient } from '../hub-client.ts';
import type { Connection, Platform, StandIn } from '../platforms/platform.ts';
import { activate, connectPlatform, store, workflow } from '../stage.ts';

/** A platform that plays: its stand-in runs, and the hub is connected to it. */
export interface Player {
  readonly platform: Platform;
  readonly standIn: StandIn;
  readonly connection: Connection;
}

/** Starts the stand-in, makes the store of its till, connects both, and says what the hub is to send there. */
export async function join(hub: HubClient, platform: Platform, standIn: StandIn): Promise<Player> {
  const { till } = standIn;
  const storeId = till ? await store(hub, till.place) : null;
  const isLocation = till !== undefined && till.location !== null;
  const settings = { ...standIn.settings, ...(isLocation ? { locations: { [till.location]: storeId } } : {}) };
  const connection = await connectPlatform(hub, platform.id, platform.title, settings, {
    storeId: isLocation ? null : storeId,
    misses: standIn.misses,
  });
  standIn.connected?.(connection);
  await arrange(hub, connection.id, standIn);
  return { platform, standIn, connection };
}

const FORWARD = 'mutation ($input: CreateForwardingInput!) { createForwarding(input: $input) { id } }';

async function arrange(hub: HubClient, connectionId: string, { receives }: StandIn): Promise<void> {
  if (!receives) return;
  const { by, verb } = receives;
  if ('workflow' in by) await activate(hub, 'Workflow', await workflow(hub, by.workflow(connectionId)));
  else await hub.ask(FORWARD, { input: { connectionId, verb, ...by } });
}

/** The same settings again: the hub tries the connection, and reads at once what it would read some minutes later. */
export const readNow = (hub: HubClient, { id }: Connection): Promise<unknown> =>
  hub.ask('mutation ($id: ID!) { updateConnection(id: $id, input: {}) { status } }', { id });
