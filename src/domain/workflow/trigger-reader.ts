import type pg from 'pg';
import { inTransaction } from '../../database/transaction.ts';
import { compileExpression, ExpressionError, type ExpressionScope, mentions } from '../expression/expression.ts';
import type { LedgerEventRecord } from '../ledger/ledger.types.ts';
import { LedgerBook } from '../ledger/ledger-book.ts';
import type { Sieve } from '../ledger/ledger-filter.ts';
import { sha256 } from '../shared/canonical.ts';
import type { Clock } from '../shared/clock.ts';
import type { Trigger } from './definition.schema.ts';
import { type ContextSources, loadContexts } from './event-context.ts';
import { RUN_TOPIC, WORKFLOW_CHANNEL } from './run-feed.ts';
import { EVENT_VARIABLES, type EventVariable } from './variables.ts';
import type { StepFailure } from './workflow.types.ts';

const READER = 'workflow-triggers';
const EVENTS_AT_ONCE = 500;

interface Entrance {
  readonly workflowId: string;
  readonly version: number;
  readonly activeFrom: number;
  readonly trigger: Trigger;
  readonly filter: string | null;
}

interface Entry {
  readonly entrance: Entrance;
  readonly event: LedgerEventRecord;
  /** The filter could not be answered: the run is kept as failed, so that a person sees it. */
  readonly failure: StepFailure | null;
}

/** One run an event and version, however often the event is read. */
const runIdOf = (workflowId: string, version: number, position: number): string =>
  `run_${sha256(`${workflowId}:${version}:${position}`).slice(0, 32)}`;

/**
 * Reads the sealed ledger in order and writes a run for each event that meets a workflow's trigger and filter. Runs and the place up to
 * which it has read are one transaction: an event is never passed over and never enters twice.
 */
export class TriggerReader {
  readonly #pool: pg.Pool;
  readonly #book: LedgerBook;
  readonly #sources: ContextSources;
  readonly #clock: Clock;

  constructor({ pool, sources, clock }: { pool: pg.Pool; sources: ContextSources; clock: Clock }) {
    this.#pool = pool;
    this.#book = new LedgerBook(pool);
    this.#sources = sources;
    this.#clock = clock;
  }

  /** Reads on by one batch. `more`: there is more to read at once; `entered`: how many runs it wrote. */
  async readOn(): Promise<{ readonly more: boolean; readonly entered: number }> {
    const from = await this.#position();
    // The head comes before the workflows: one that is activated later counts from a later head, so nothing of its is jumped over.
    const head = await this.#book.head();
    if (head <= from) return { more: false, entered: 0 };
    const entrances = await this.#entrances();
    const types = new Set<string>(entrances.map(({ trigger }) => trigger.on));
    const events =
      types.size === 0
        ? []
        : (
            await this.#book.read(from, EVENTS_AT_ONCE, { types, storeIds: null, campaignIds: null, customerId: null } satisfies Sieve)
          ).events.filter(({ position }) => position <= head);
    const full = events.length === EVENTS_AT_ONCE;
    const to = full ? (events.at(-1)?.position ?? head) : head;
    const entries = await this.#entriesOf(entrances, events);
    await this.#enter(from, to, entries);
    return { more: full, entered: entries.length };
  }

  async #position(): Promise<number> {
    const { rows } = await this.#pool.query<{ position: number }>('select position from ledger_reader where name = $1', [READER]);
    if (rows[0] !== undefined) return rows[0].position;
    await this.#pool.query('insert into ledger_reader (name, position) values ($1, 0) on conflict do nothing', [READER]);
    return 0;
  }

  /** Paused ones too: what meets them is held back, not lost. */
  async #entrances(): Promise<Entrance[]> {
    const { rows } = await this.#pool.query<Entrance>(
      `select workflow.id as "workflowId", workflow.version, active_from as "activeFrom", trigger, filter
       from workflow join workflow_version version on version.workflow_id = workflow.id and version.version = workflow.version
       where status in ('ACTIVE', 'PAUSED') and active_from is not null order by workflow.id`,
    );
    return rows;
  }

  async #entriesOf(entrances: readonly Entrance[], events: readonly LedgerEventRecord[]): Promise<Entry[]> {
    const own = await this.#runsThatDid(events);
    const met = events.flatMap((event) =>
      entrances.filter((entrance) => meets(entrance, event, own)).map((entrance) => ({ entrance, event })),
    );
    if (met.length === 0) return [];
    const filters = new Map(
      entrances.flatMap(({ workflowId, filter }) => (filter === null ? [] : [[workflowId, compileExpression(filter)] as const])),
    );
    const filtered = met.filter(({ entrance }) => entrance.filter !== null);
    const needs = new Set(
      (Object.keys(EVENT_VARIABLES) as EventVariable[]).filter((name) =>
        filtered.some(({ entrance: { filter } }) => filter !== null && mentions(filter, name)),
      ),
    );
    const contexts = await loadContexts(this.#sources, [...new Set(filtered.map(({ event }) => event))], needs);
    return met.flatMap(({ entrance, event }): Entry[] => {
      const filter = filters.get(entrance.workflowId);
      const answer = filter === undefined ? true : ask(filter, contexts.scope(event.position));
      if (answer === false) return [];
      return [{ entrance, event, failure: answer === true ? null : answer }];
    });
  }

  /** Of the events that runs made themselves: the workflow of that run, by the run's id. */
  async #runsThatDid(events: readonly LedgerEventRecord[]): Promise<ReadonlyMap<string, string>> {
    const actors = events.flatMap((event) => actorOf(event) ?? []);
    if (actors.length === 0) return new Map();
    const { rows } = await this.#pool.query<{ id: string; workflowId: string }>(
      'select id, workflow_id as "workflowId" from workflow_run where id = any($1)',
      [actors],
    );
    return new Map(rows.map(({ id, workflowId }) => [id, workflowId]));
  }

  async #enter(from: number, to: number, entries: readonly Entry[]): Promise<void> {
    const now = new Date(this.#clock.now());
    await inTransaction(this.#pool, async (client) => {
      const { rowCount } = await client.query('update ledger_reader set position = $3 where name = $1 and position = $2', [
        READER,
        from,
        to,
      ]);
      // Another reader was here meanwhile, and entered what there was.
      if (rowCount === 0 || entries.length === 0) return;
      const rows = entries.map(({ entrance, event, failure }) => ({
        id: runIdOf(entrance.workflowId, entrance.version, event.position),
        workflow_id: entrance.workflowId,
        version: entrance.version,
        status: failure === null ? 'WAITING' : 'FAILED',
        event_position: event.position,
        event_at: event.at,
        started_at: now,
        dispatched_at: failure === null ? null : now,
        settled_at: failure === null ? null : now,
        failure,
      }));
      await client.query(
        `with entered as (
           insert into workflow_run (id, workflow_id, version, status, event_position, event_at, started_at, dispatched_at, settled_at, failure)
           select id, workflow_id, version, status, event_position, event_at, started_at, dispatched_at, settled_at, failure
           from json_to_recordset($1::json) as run (id text, workflow_id text, version int, status text, event_position bigint, event_at timestamptz, started_at timestamptz, dispatched_at timestamptz, settled_at timestamptz, failure jsonb)
           on conflict do nothing returning id)
         select pg_notify($2, $3 || id) from entered`,
        [JSON.stringify(rows), WORKFLOW_CHANNEL, RUN_TOPIC],
      );
    });
  }
}

/** What a workflow did itself never starts it anew: one that gives a voucher for each voucher given would not end. */
function meets({ workflowId, trigger, activeFrom }: Entrance, event: LedgerEventRecord, own: ReadonlyMap<string, string>): boolean {
  if (event.position <= activeFrom || trigger.on !== event.type) return false;
  if (own.get(actorOf(event) ?? '') === workflowId) return false;
  return trigger.on !== 'CUSTOM' || event.name === trigger.name;
}

/** The run that made the event. What a caller puts into a custom event says nothing of that. */
function actorOf({ type, data: { actorId } }: LedgerEventRecord): string | undefined {
  if (type === 'CUSTOM') return undefined;
  return typeof actorId === 'string' && actorId.startsWith('run_') ? actorId : undefined;
}

function ask(filter: (scope: ExpressionScope) => unknown, scope: ExpressionScope): boolean | StepFailure {
  try {
    const answer = filter(scope);
    return typeof answer === 'boolean' ? answer : { code: 'EXPRESSION', message: 'The filter gave neither true nor false.' };
  } catch (fault) {
    if (fault instanceof ExpressionError) return { code: 'EXPRESSION', message: `The filter could not be answered: ${fault.message}.` };
    throw fault;
  }
}
