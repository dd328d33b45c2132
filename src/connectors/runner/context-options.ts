import type { Connector } from '@valehub/connector-kit';
import type { PluginContext } from './plugin-door.ts';
import { storeAt } from './stores.ts';

/** What of a connection a connector's context is made with, whichever door it comes through. */
export const contextOptions = (connector: Connector, context: PluginContext) => ({
  connector,
  settings: context.settings,
  secrets: context.secrets,
  ...(context.account === null ? {} : { account: context.account }),
  ...(context.location === null ? {} : { location: context.location }),
  facts: context.facts,
  store: (location?: string) => storeAt(context, location),
  deadlineMs: context.requestMs,
});
