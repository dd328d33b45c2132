import type { Actor } from '../access/roles.ts';
import type { LedgerEventRecord, LedgerFilter } from './ledger.types.ts';

/** What a reader may and wants to see. null = everything. */
export interface Sieve {
  readonly types: ReadonlySet<string> | null;
  readonly storeIds: ReadonlySet<string> | null;
  readonly campaignIds: ReadonlySet<string> | null;
  readonly customerId: string | null;
}

/** A till sees its stores' events, and none without a store; a partner those of its books, which it has none of yet. */
export function sieveFor(filter: LedgerFilter | null, actor: Actor): Sieve {
  const wanted = filter?.storeIds ? new Set(filter.storeIds) : null;
  const allowed = actor.role === 'PARTNER' ? new Set<string>() : actor.storeIds ? new Set(actor.storeIds) : null;
  return {
    types: filter?.types ? new Set(filter.types) : null,
    storeIds: wanted && allowed ? wanted.intersection(allowed) : (wanted ?? allowed),
    campaignIds: filter?.campaignIds ? new Set(filter.campaignIds) : null,
    customerId: filter?.customerId ?? null,
  };
}

export function passes(sieve: Sieve, event: LedgerEventRecord): boolean {
  return (
    (sieve.types === null || sieve.types.has(event.type)) &&
    (sieve.storeIds === null || (event.storeId !== null && sieve.storeIds.has(event.storeId))) &&
    (sieve.campaignIds === null || (event.campaignId !== null && sieve.campaignIds.has(event.campaignId))) &&
    (sieve.customerId === null || event.customerId === sieve.customerId)
  );
}

/** The same as a WHERE clause; values from $`from` on. */
export function sieveSql(sieve: Sieve, from: number): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const parts: string[] = [];
  const add = (sql: (place: string) => string, value: unknown) => {
    values.push(value);
    parts.push(sql(`$${from + values.length - 1}`));
  };
  if (sieve.types) add((place) => `type = any(${place}::text[])`, [...sieve.types]);
  if (sieve.storeIds) add((place) => `store_id = any(${place}::text[])`, [...sieve.storeIds]);
  if (sieve.campaignIds) add((place) => `campaign_id = any(${place}::text[])`, [...sieve.campaignIds]);
  if (sieve.customerId !== null) add((place) => `customer_id = ${place}`, sieve.customerId);
  return { text: parts.map((part) => ` and ${part}`).join(''), values };
}
