import type pg from 'pg';
import { inTransaction, isUniqueViolation } from '../../database/transaction.ts';
import type { Actor } from '../access/roles.ts';
import { writeAudit } from '../audit/audit-writer.ts';
import type { CustomerService } from '../customer/customer.service.ts';
import { checkIdempotencyKey } from '../decision/check-basket.ts';
import { refuseFaults } from '../redemption/preparation.ts';
import type { CustomerRef } from '../redemption/redemption.types.ts';
import { businessDay } from '../shared/business-time.ts';
import { canonicalJson, sha256 } from '../shared/canonical.ts';
import { type Clock, instantText } from '../shared/clock.ts';
import { conflict, forbidden, HubError, type InputFault, notFound } from '../shared/errors.ts';
import type { StoreService } from '../store/store.service.ts';
import type { LedgerEventRecord } from './ledger.types.ts';
import type { LedgerBook } from './ledger-book.ts';
import type { LedgerFeed } from './ledger-feed.ts';
import { insertEvent } from './ledger-writer.ts';

export interface RecordEventCommand {
  readonly idempotencyKey: string;
  readonly name: string;
  readonly storeId: string | null;
  readonly customer: CustomerRef | null;
  /** Stored as sent; must hold nothing personal. */
  readonly data: Readonly<Record<string, unknown>>;
}

export interface EventMeans {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly stores: StoreService;
  readonly customers: CustomerService;
  readonly book: LedgerBook;
  readonly feed: LedgerFeed;
  written(): void;
}

const NAME = /^[a-z0-9]+([._-][a-z0-9]+)*$/i;
/** Longer than any sealer that lives takes; beyond it the caller asks again with the same key. */
const SEALED_WITHIN_MS = 15_000;
/** Levels of `data`; whoever writes or hashes it walks down all of them. */
const DEEPEST = 100;

/** Where an event waits to be found again: after this position, by its number at the intake. */
interface StoredEvent {
  readonly after: number;
  readonly intakeId: number;
}

/** Custom events, for workflows: of marketing, of connectors. */
export class EventService {
  readonly #means: EventMeans;

  constructor(means: EventMeans) {
    this.#means = means;
  }

  /** Answers once the event is sealed. The same key gives the same event. */
  async record(actor: Actor, command: RecordEventCommand): Promise<LedgerEventRecord> {
    const faults = checkIdempotencyKey(command.idempotencyKey);
    if (!NAME.test(command.name) || command.name.length > 100)
      faults.push({
        path: 'input.name',
        message: 'A name like email.opened: letters and digits, parted by dots, dashes or underscores, up to 100 characters.',
      });
    faults.push(...checkData(command.data));
    refuseFaults(faults);
    const stored = await this.#store(actor, command);
    return this.#sealed(stored);
  }

  async #store(actor: Actor, command: RecordEventCommand): Promise<StoredEvent> {
    const { pool, clock, stores, customers, book } = this.#means;
    const store = command.storeId === null ? null : await stores.get(command.storeId);
    if (command.storeId !== null && !store) throw notFound('store', command.storeId);
    if (store && actor.storeIds !== null && !actor.storeIds.includes(store.id)) throw forbidden('This key does not hold for that store.');
    const customer = command.customer === null ? null : await customers.resolve(command.customer, 'create', 'input.customer');
    if (customer?.unknownId) throw notFound('customer', command.customer?.id ?? '');
    const hash = sha256(canonicalJson([command.name, command.storeId, command.customer, command.data]));
    const now = clock.now();
    const draft = {
      type: 'CUSTOM' as const,
      at: instantText(now),
      name: command.name,
      businessDay: store ? businessDay(now, store) : null,
      storeId: store?.id ?? null,
      data: command.data,
      customerId: customer?.id ?? null,
    };
    for (;;) {
      try {
        // Before the transaction: inside it would wait for a second connection, and many at once would wait for each other.
        const after = await book.head();
        const stored = await inTransaction(pool, async (client) => {
          const { rows } = await client.query<{ input_hash: string; answer: StoredEvent }>(
            "select input_hash, answer from idempotency where scope = 'recordEvent' and key = $1",
            [command.idempotencyKey],
          );
          if (rows[0]) {
            if (rows[0].input_hash !== hash)
              throw conflict('This idempotency key belongs to another event. Take a new key for a new event.');
            return rows[0].answer;
          }
          const answer: StoredEvent = { after, intakeId: await insertEvent(client, draft) };
          // Its data stands in the book; the event has no id before it is sealed.
          const made = { name: command.name, storeId: draft.storeId, customerId: draft.customerId };
          const audit = { at: now, actorId: actor.id, operation: 'recordEvent', subjectId: null, before: null, after: made };
          await writeAudit(client, audit);
          await client.query(
            "insert into idempotency (scope, key, input_hash, answer, created_at) values ('recordEvent', $1, $2, $3, $4)",
            [command.idempotencyKey, hash, JSON.stringify(answer), instantText(now)],
          );
          return answer;
        });
        this.#means.written();
        return stored;
      } catch (error) {
        if (!isUniqueViolation(error)) throw error;
      }
    }
  }

  async #sealed({ after, intakeId }: StoredEvent): Promise<LedgerEventRecord> {
    const { book, feed } = this.#means;
    const deadline = AbortSignal.timeout(SEALED_WITHIN_MS);
    for (;;) {
      const seen = feed.head;
      const event = await book.byIntake(after, intakeId);
      if (event) return event;
      if (deadline.aborted)
        throw new HubError('UNAVAILABLE', 'The event is kept but not yet in the ledger. Send it again with the same key to get it.');
      await feed.beyond(seen, deadline);
    }
  }
}

/** What the database cannot keep, or the sealer could not put in the book. */
function checkData(data: unknown): InputFault[] {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value: data, depth: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    if (depth > DEEPEST) return [{ path: 'input.data', message: `The data is nested more than ${DEEPEST} levels deep.` }];
    if (typeof value === 'string' && (value.includes('\u0000') || !value.isWellFormed()))
      return [{ path: 'input.data', message: 'A text in the data holds a zero character or half a character.' }];
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, member] of Object.entries(value)) open.push({ value: name, depth }, { value: member, depth: depth + 1 });
  }
  return [];
}
