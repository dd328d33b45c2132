import type { Context } from './context.ts';
import type { Store } from './store.results.ts';

/** The store of something that has one. From memory, but for a store made a moment ago by another process. */
export function storeOf(context: Context, id: string): Store | Promise<Store> {
  return context.hub.stores.terms(id) ?? fetched(context, id);
}

async function fetched(context: Context, id: string): Promise<Store> {
  const store = await context.hub.stores.get(id);
  if (!store) throw new Error(`Store ${id} is named by a record but does not exist.`);
  return store;
}
