import type { Database } from '../../database/database.ts';
import type { Actor } from '../access/roles.ts';
import type { Clock } from '../shared/clock.ts';
import type { CustomerDraft, CustomerKey, CustomerRecord, CustomerRef, ResolvedCustomer, ResolveMode } from './customer.types.ts';

export class CustomerService {
  constructor(options: { database: Database; clock: Clock }) { void options; }
  async find(key: CustomerKey): Promise<CustomerRecord | null> { void key; throw new Error('not built yet'); }
  /** In the order of the ids; null where there is none. */
  async byIds(ids: readonly string[]): Promise<(CustomerRecord | null)[]> { void ids; throw new Error('not built yet'); }
  async upsert(actor: Actor, draft: CustomerDraft): Promise<CustomerRecord> { void actor; void draft; throw new Error('not built yet'); }
  /** `path`: where the reference stands in the caller's input, for faults. */
  async resolve(ref: CustomerRef | null, mode: ResolveMode, path = 'input.order.customer'): Promise<ResolvedCustomer> { void ref; void mode; void path; throw new Error('not built yet'); }
}
