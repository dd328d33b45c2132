import type { Campaign } from './campaign.entity.ts';

type Row = Pick<Campaign, 'id' | 'status' | 'issuance' | 'storeIds'>;

const EVERYWHERE = '';

/** Which campaigns issue vouchers on paid orders, by store: an order that no such campaign is for must cost nothing. */
export class IssuingIndex {
  readonly #stores = new Map<string, readonly string[]>();
  readonly #ids = new Map<string, Set<string>>();

  remember({ id, status, issuance, storeIds }: Row): void {
    for (const store of this.#stores.get(id) ?? []) this.#ids.get(store)?.delete(id);
    this.#stores.delete(id);
    if (issuance === null || (status !== 'ACTIVE' && status !== 'SCHEDULED')) return;
    const stores = storeIds ?? [EVERYWHERE];
    this.#stores.set(id, stores);
    for (const store of stores) this.#ids.set(store, (this.#ids.get(store) ?? new Set()).add(id));
  }

  /** In the order of their ids, which is that of their making. */
  of(storeId: string): readonly string[] {
    const everywhere = this.#ids.get(EVERYWHERE);
    const here = this.#ids.get(storeId);
    return [...(everywhere ?? []), ...(here ?? [])].sort();
  }
}
