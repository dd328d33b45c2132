import type { Actor } from '../access/roles.ts';

/** Whose work the lists of trade are: the others find them empty. */
export const seesLists = ({ role }: Actor): boolean => role === 'ADMIN' || role === 'MARKETING' || role === 'ACCOUNTING' || role === 'TILL';

/** A campaign holds in one of the stores; null = all. */
export const holdsInOne = (campaignStores: readonly string[] | null, stores: readonly string[] | null): boolean =>
  campaignStores === null || stores === null || campaignStores.some((id) => stores.includes(id));
