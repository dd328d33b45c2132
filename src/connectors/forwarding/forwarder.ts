import type { Plain } from '@valehub/connector-kit';
import type pg from 'pg';
import type { Logger } from 'pino';
import { inTransaction } from '../../database/transaction.ts';
import { enqueueJob } from '../../domain/connection/outbox-queue.ts';
import { compileExpression, ExpressionError, type ExpressionScope, mentions } from '../../domain/expression/expression.ts';
import type { LedgerEventRecord, LedgerEventType } from '../../domain/ledger/ledger.types.ts';
import { LedgerBook } from '../../domain/ledger/ledger-book.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import { type ContextSources, loadContexts } from '../../domain/workflow/event-context.ts';
import { EVENT_VARIABLES, type EventVariable } from '../../domain/workflow/variables.ts';
import type { Attention } from '../connections/attention.ts';
import { WorkLoop } from '../runner/work-loop.ts';
import { CARRIERS, type ForwardedEvent, isCarrier } from './forwarded.ts';

export interface ForwarderOptions {
  readonly pool: pg.Pool;
  readonly sources: ContextSources;
  readonly attention: Attention;
  readonly clock: Clock;
  readonly log: Logger;
  readonly pollMs: number;
}

interface Due {
  readonly id: string;
  readonly connectionId: string;
  readonly verb: string;
  readonly events: readonly LedgerEventType[];
  readonly filter: string | null;
  readonly settings: Plain;
  readonly position: number;
}

const CONCURRENCY = 4;
const EVENTS_AT_ONCE = 200;

/**
 * Reads the sealed ledger for each forwarding and puts what it wants into the outbox. Jobs and the place up to which it has read are one
 * transaction, and a job's key is made of the event: nothing is passed over, and nothing goes out twice.
 */
export class Forwarder {
  readonly #options: ForwarderOptions;
  readonly #book: LedgerBook;
  readonly #running = new Set<string>();
  readonly loop: WorkLoop<string>;

  constructor(options: ForwarderOptions) {
    this.#options = options;
    this.#book = new LedgerBook(options.pool);
    this.loop = new WorkLoop({
      name: 'forwarding the ledger',
      concurrency: CONCURRENCY,
      pollMs: options.pollMs,
      log: options.log,
      sweep: () => Promise.resolve(),
      claim: (room) => this.#due(room),
      work: (id) => this.#readOn(id).finally(() => this.#running.delete(id)),
      giveBack: () => Promise.resolve(),
    });
  }

  async #due(room: number): Promise<readonly string[]> {
    const { rows } = await this.#options.pool.query<{ id: string }>({
      name: 'forwardings-due',
      text: `select forwarding.id from forwarding join connection on connection.id = connection_id, ledger_head
       where not paused and connection.status not in ('PAUSED', 'DISCONNECTED') and forwarding.position < ledger_head.position and forwarding.id <> all($1::text[])
       order by forwarding.position limit $2`,
      values: [[...this.#running], room],
    });
    for (const { id } of rows) this.#running.add(id);
    return rows.map(({ id }) => id);
  }

  /** One batch, by whichever process has the row. */
  async #readOn(id: string): Promise<void> {
    const { pool, clock, attention } = this.#options;
    const faults: string[] = [];
    const connectionId = await inTransaction(pool, async (client) => {
      const {
        rows: [due],
      } = await client.query<Due>(
        `select id, connection_id as "connectionId", verb, events, filter, settings, position from forwarding where id = $1 and not paused for update skip locked`,
        [id],
      );
      if (due === undefined || !isCarrier(due.verb)) return null;
      const head = await this.#book.head();
      const sieve = { types: new Set<string>(due.events), storeIds: null, campaignIds: null, customerId: null };
      const events = (await this.#book.read(due.position, EVENTS_AT_ONCE, sieve)).events.filter(({ position }) => position <= head);
      const to = events.length === EVENTS_AT_ONCE ? (events.at(-1)?.position ?? head) : head;
      for (const forwarded of await this.#met(due, events, faults)) {
        const input = CARRIERS[due.verb].input(forwarded, due.settings);
        if (input === null) continue;
        const { event } = forwarded;
        await enqueueJob(
          client,
          {
            connectionId: due.connectionId,
            verb: due.verb,
            key: `${due.id}:${event.position}`,
            input,
            place: event.position - due.position,
            ...(event.storeId === null ? {} : { storeId: event.storeId }),
            ...(event.customerId === null ? {} : { customerId: event.customerId }),
          },
          clock.now(),
        );
      }
      await client.query('update forwarding set position = $2 where id = $1', [id, to]);
      return due.connectionId;
    });
    const [fault] = faults;
    if (connectionId !== null && fault !== undefined)
      await attention.note(connectionId, `Events were left out, as the filter of a forwarding could not be answered: ${fault}`);
  }

  async #met(due: Due, events: readonly LedgerEventRecord[], faults: string[]): Promise<readonly ForwardedEvent[]> {
    if (events.length === 0) return [];
    const { sources } = this.#options;
    const { filter } = due;
    const asked = filter === null ? [] : (Object.keys(EVENT_VARIABLES) as EventVariable[]).filter((name) => mentions(filter, name));
    const contexts = await loadContexts(sources, events, new Set(asked));
    const passes = filter === null ? () => true : answering(compileExpression(filter), faults);
    const wanted = events.filter((event) => passes(contexts.scope(event.position)));
    return this.#known(due.connectionId, wanted);
  }

  async #known(connectionId: string, events: readonly LedgerEventRecord[]): Promise<readonly ForwardedEvent[]> {
    const { sources, pool } = this.#options;
    const ids = (of: (event: LedgerEventRecord) => string | null): string[] => [...new Set(events.flatMap((event) => of(event) ?? []))];
    const campaigns = (await sources.campaigns.byIds(ids(({ campaignId }) => campaignId))).filter((record) => record !== null);
    const customerIds = ids(({ customerId }) => customerId);
    const customers = (await sources.customers.byIds(customerIds)).filter((record) => record !== null);
    const { rows: links } = await pool.query<{ customerId: string; externalId: string }>(
      'select distinct on (customer_id) customer_id as "customerId", external_id as "externalId" from customer_link where connection_id = $1 and customer_id = any($2) order by customer_id, seen_at desc',
      [connectionId, customerIds],
    );
    const forwarded: ForwardedEvent[] = [];
    for (const event of events) {
      const store = event.storeId === null ? null : await sources.stores.get(event.storeId);
      forwarded.push({
        event,
        store,
        campaign: campaigns.find(({ id }) => id === event.campaignId) ?? null,
        customer: customers.find(({ id }) => id === event.customerId) ?? null,
        customerAtPlatform: links.find(({ customerId }) => customerId === event.customerId)?.externalId ?? null,
      });
    }
    return forwarded;
  }
}

/** What a filter cannot answer is left out, and told. */
function answering(filter: (scope: ExpressionScope) => unknown, faults: string[]): (scope: ExpressionScope) => boolean {
  return (scope) => {
    try {
      return filter(scope) === true;
    } catch (fault) {
      if (!(fault instanceof ExpressionError)) throw fault;
      faults.push(fault.message);
      return false;
    }
  };
}
