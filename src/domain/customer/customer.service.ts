import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '../../database/database.ts';
import { inTransaction, isUniqueViolation, ormRunner } from '../../database/transaction.ts';
import type { Actor } from '../access/roles.ts';
import { writeAudit } from '../audit/audit-writer.ts';
import type { LedgerDraft } from '../ledger/ledger.types.ts';
import { writeEventsAndTell } from '../ledger/ledger-writer.ts';
import { type Clock, instantText } from '../shared/clock.ts';
import { badInput, notFound } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { isGiven, isStorable } from '../shared/input-checks.ts';
import { Customer } from './customer.entity.ts';
import { changesOf, checkDetails, type Identity, readIdentity, twoPeople } from './customer.rules.ts';
import type { CustomerDraft, CustomerKey, CustomerRecord, CustomerRef, ResolvedCustomer, ResolveMode } from './customer.types.ts';

/** How often a race with another who makes the same customer is run again; each time one of the racers is through. */
const ATTEMPTS = 5;

const KNOWN = { name: 'resolve-customer', text: 'select id, phone, email from customer where id = $1 or phone = $2 or email = $3' };
const MAKE = `insert into customer (id, phone, email, groups, created_at) values ($1, $2, $3, '{}', $4) on conflict do nothing`;
/** Whoever is known by one identity becomes known by the other too, unless it is known by another already. */
const COMPLETE = 'update customer set phone = coalesce(phone, $2), email = coalesce(email, $3) where id = $1';

interface KnownCustomer extends Identity {
  readonly id: string;
}

export class CustomerService {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor({ database, clock }: { database: Database; clock: Clock }) {
    this.#database = database;
    this.#clock = clock;
  }

  async find(key: CustomerKey): Promise<CustomerRecord | null> {
    if ('id' in key) return (await this.byIds([key.id]))[0] ?? null;
    const { phone, email } = 'phone' in key ? readIdentity({ phone: key.phone }, '') : readIdentity({ email: key.email }, '');
    const customer = await this.#database.em().findOne(Customer, phone === null ? { email } : { phone });
    return customer && recordOf(customer);
  }

  /** In the order of the ids; null where there is none. */
  async byIds(ids: readonly string[]): Promise<(CustomerRecord | null)[]> {
    const customers = await this.#database.em().find(Customer, { id: { $in: ids.filter(isStorable) } });
    const byId = new Map(customers.map((customer) => [customer.id, recordOf(customer)]));
    return ids.map((id) => byId.get(id) ?? null);
  }

  /** Changes the customer of that id, else the one known by phone or e-mail, else makes one. */
  async upsert(actor: Actor, draft: CustomerDraft): Promise<CustomerRecord> {
    if (!isGiven(draft.id) && !isGiven(draft.phone) && !isGiven(draft.email))
      throw badInput({ path: 'input', message: 'Name the customer by id, phone or e-mail.' });
    const identity = readIdentity(draft, 'input');
    checkDetails(draft, instantText(this.#clock.now()).slice(0, 10));
    return retried(() => this.#database.em().transactional((em) => this.#put(em, actor, draft, identity)));
  }

  /**
   * Whom an order names. `create` makes a customer of an unknown phone or e-mail, once however many ask at a time; `look` writes nothing.
   * `path`: where the reference stands in the caller's input, for faults.
   */
  async resolve(ref: CustomerRef | null, mode: ResolveMode, path = 'input.order.customer'): Promise<ResolvedCustomer> {
    if (ref === null) return { id: null, given: false, unknownId: false };
    const { id } = ref;
    if (!isGiven(id) && !isGiven(ref.phone) && !isGiven(ref.email))
      throw badInput({ path, message: 'Name the customer by id, phone or e-mail, or leave it out.' });
    const identity = readIdentity(ref, path);
    if (id !== undefined && !isStorable(id)) return { id: null, given: true, unknownId: true };
    return retried(async () => {
      const { rows } = await this.#database.pool.query<KnownCustomer>({ ...KNOWN, values: [id, identity.phone, identity.email] });
      if (id !== undefined && !rows.some((known) => known.id === id)) return { id: null, given: true, unknownId: true };
      if (rows.length > 1) throw twoPeople(path);
      const [known] = rows;
      if (mode === 'look') return { id: known?.id ?? null, given: true, unknownId: false };
      if (known) await this.#complete(known, identity);
      return { id: known?.id ?? (await this.#make(identity)), given: true, unknownId: false };
    });
  }

  async #complete(known: KnownCustomer, { phone, email }: Identity): Promise<void> {
    const news = (phone !== null && known.phone === null) || (email !== null && known.email === null);
    if (news) await this.#database.pool.query(COMPLETE, [known.id, phone, email]);
  }

  async #make(identity: Identity): Promise<string> {
    const now = this.#clock.now();
    const id = newId('customer', now);
    return inTransaction(this.#database.pool, async (client) => {
      const { rowCount } = await client.query(MAKE, [id, identity.phone, identity.email, new Date(now)]);
      if (rowCount === 0) throw new MadeMeanwhile();
      await writeEventsAndTell(client, [created(id, identity, now)]);
      return id;
    });
  }

  async #put(em: EntityManager, actor: Actor, draft: CustomerDraft, identity: Identity): Promise<CustomerRecord> {
    const known = await sought(em, draft, identity);
    const now = this.#clock.now();
    const customer =
      known ??
      em.create(Customer, {
        id: newId('customer', now),
        name: null,
        phone: null,
        email: null,
        groups: [],
        birthday: null,
        anniversary: null,
        createdAt: new Date(now),
      });
    const before = known && recordOf(known);
    if (draft.phone !== undefined) customer.phone = identity.phone;
    if (draft.email !== undefined) customer.email = identity.email;
    if (customer.phone === null && customer.email === null)
      throw badInput({ path: draft.phone === null ? 'input.phone' : 'input.email', message: 'A customer keeps a phone or an e-mail.' });
    if (draft.name !== undefined) customer.name = draft.name;
    if (draft.groups !== undefined) customer.groups = [...(draft.groups ?? [])];
    if (draft.birthday !== undefined) customer.birthday = draft.birthday;
    if (draft.anniversary !== undefined) customer.anniversary = draft.anniversary;
    await em.persist(customer).flush();
    const audit = { at: now, actorId: actor.id, operation: 'upsertCustomer', subjectId: customer.id };
    await writeAudit(ormRunner(em), { ...audit, ...changesOf(before, recordOf(customer)) });
    if (!known) await writeEventsAndTell(ormRunner(em), [created(customer.id, customer, now, actor.id)]);
    return recordOf(customer);
  }
}

/** The one customer that a draft names, whether or not by all it says; NOT_FOUND by id. */
async function sought(em: EntityManager, draft: CustomerDraft, { phone, email }: Identity): Promise<Customer | null> {
  const identities = [...(phone === null ? [] : [{ phone }]), ...(email === null ? [] : [{ email }])];
  const found = identities.length === 0 ? [] : await em.find(Customer, { $or: identities });
  if (!isGiven(draft.id)) {
    if (found.length > 1) throw twoPeople('input');
    return found[0] ?? null;
  }
  const own = isStorable(draft.id) ? await em.findOne(Customer, draft.id) : null;
  if (!own) throw notFound('customer', draft.id);
  if (found.some((other) => other.id !== own.id)) throw twoPeople('input');
  return own;
}

/** Another process made the same customer between our look and our write. */
class MadeMeanwhile extends Error {}

async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof MadeMeanwhile || isUniqueViolation(error))) throw error;
    }
  }
}

/** Says by what somebody became known, not who it is: the book keeps nothing personal in clear. */
function created(id: string, { phone, email }: Identity, now: number, actorId: string | null = null): LedgerDraft {
  const knownBy = [...(phone === null ? [] : ['PHONE']), ...(email === null ? [] : ['EMAIL'])];
  return { type: 'CUSTOMER_CREATED', at: instantText(now), data: { knownBy, actorId }, customerId: id };
}

function recordOf(customer: Customer): CustomerRecord {
  const { id, name, phone, email, groups, birthday, anniversary } = customer;
  return { id, name, phone, email, groups, birthday, anniversary };
}
