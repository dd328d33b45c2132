import type { Page } from '../domain/list/list.types.ts';
import type { Connection } from './connection.results.ts';

/** A page of records as a connection of what callers see. */
export const connectionView = <R, N>(page: Page<R>, view: (record: R) => N): Connection<N> => ({
  edges: page.edges.map(({ cursor, node }) => ({ cursor, node: view(node) })),
  pageInfo: page.pageInfo,
});
