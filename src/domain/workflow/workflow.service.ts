import type pg from 'pg';
import type { Database } from '../../database/database.ts';
import type { Listener } from '../../database/listener.ts';
import { inTransaction } from '../../database/transaction.ts';
import type { Actor } from '../access/roles.ts';
import { writeAudit } from '../audit/audit-writer.ts';
import type { Page, PageRequest } from '../list/list.types.ts';
import type { Clock } from '../shared/clock.ts';
import { badInput, conflict, type InputFault, notFound } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { InputChecks, isStorable } from '../shared/input-checks.ts';
import { checkDefinition } from './check-definition.ts';
import type { Definition } from './definition.schema.ts';
import { followRuns, WORKFLOW_CHANNEL, WORKFLOW_TOPIC } from './run-feed.ts';
import { readRuns } from './run-reader.ts';
import type { WorkflowRecord, WorkflowRunRecord, WorkflowStatus } from './workflow.types.ts';
import { pageOf, parsePage } from './workflow-pages.ts';

/** WorkflowInput; `trigger` and `steps` any JSON. */
export interface WorkflowDraft {
  readonly name: string;
  readonly trigger: unknown;
  readonly filter: string | null;
  readonly steps: unknown;
}

type Row = Omit<WorkflowRecord, 'createdAt'> & { readonly createdAt: Date };

const SELECT = `select workflow.id, workflow.name, workflow.version, workflow.status, version.trigger, version.filter, version.steps_given as steps, workflow.created_at as "createdAt"
  from workflow join workflow_version version on version.workflow_id = workflow.id and version.version = workflow.version`;

/** Definitions and what became of them. */
export class WorkflowService {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #listener: Listener | null;

  constructor({ database, clock, listener }: { database: Database; clock: Clock; listener: Listener | null }) {
    this.#database = database;
    this.#clock = clock;
    this.#listener = listener;
  }

  /** A DRAFT. BAD_USER_INPUT with every fault of the definition, by paths as in `steps[1].branch.then[0].wait`. */
  async create(actor: Actor, draft: WorkflowDraft): Promise<WorkflowRecord> {
    const definition = await this.#checked(draft);
    const now = this.#clock.now();
    const id = newId('workflow', now);
    return inTransaction(this.#database.pool, async (client) => {
      await client.query(`insert into workflow (id, name, status, version, created_at) values ($1, $2, 'DRAFT', 1, $3)`, [
        id,
        draft.name,
        new Date(now),
      ]);
      await this.#addVersion(client, id, 1, draft, definition);
      const made = await this.#existing(client, id);
      await this.#audit(client, actor, 'createWorkflow', null, made);
      return made;
    });
  }

  /** A new version. New entries take it at once; runs under way stay on theirs. */
  async update(actor: Actor, id: string, draft: WorkflowDraft): Promise<WorkflowRecord> {
    const definition = await this.#checked(draft);
    return inTransaction(this.#database.pool, async (client) => {
      const { version, status } = await this.#locked(client, id);
      const before = await this.#existing(client, id);
      if (status === 'STOPPED') throw conflict('A stopped workflow does not change any more.');
      await this.#addVersion(client, id, version + 1, draft, definition);
      await client.query('update workflow set name = $2, version = $3 where id = $1', [id, draft.name, version + 1]);
      await this.#tell(client, id);
      const after = await this.#existing(client, id);
      await this.#audit(client, actor, 'updateWorkflow', before, after);
      return after;
    });
  }

  /** From now on, events that meet its trigger and filter start runs; what was held back while it was paused starts too. */
  async activate(actor: Actor, id: string): Promise<WorkflowRecord> {
    return this.#move(actor, id, 'ACTIVE');
  }

  /** New entries are held back until it is activated again; runs under way go on. */
  async pause(actor: Actor, id: string): Promise<WorkflowRecord> {
    return this.#move(actor, id, 'PAUSED');
  }

  async get(id: string): Promise<WorkflowRecord | null> {
    return (await this.byIds([id]))[0] ?? null;
  }

  /** In the order of the ids; null where there is none. */
  async byIds(ids: readonly string[]): Promise<(WorkflowRecord | null)[]> {
    const { rows } = await this.#database.pool.query<Row>(`${SELECT} where workflow.id = any($1)`, [ids.filter(isStorable)]);
    const found = new Map(rows.map((row) => [row.id, recordOf(row)]));
    return ids.map((id) => found.get(id) ?? null);
  }

  /** Newest first. */
  async list(request: PageRequest): Promise<Page<WorkflowRecord>> {
    const page = parsePage('workflows', request);
    const { rows } = await this.#database.pool.query<Row>(
      `${SELECT} where $1::timestamptz is null or (workflow.created_at, workflow.id) < ($1, $2) order by workflow.created_at desc, workflow.id desc limit $3`,
      [page.after === null ? null : new Date(page.after.rank), page.after?.id ?? null, page.first + 1],
    );
    return pageOf('workflows', rows.map(recordOf), ({ createdAt, id }) => ({ rank: Date.parse(createdAt), id }), page);
  }

  /** Of one workflow, newest first. */
  async runs(workflowId: string, request: PageRequest): Promise<Page<WorkflowRunRecord>> {
    const page = parsePage('runs', request);
    const { rows } = await this.#database.pool.query<{ id: string; position: number }>(
      `select id, event_position as position from workflow_run where workflow_id = $1 and ($2::bigint is null or (event_position, id) < ($2, $3)) order by event_position desc, id desc limit $4`,
      [isStorable(workflowId) ? workflowId : '', page.after?.rank ?? null, page.after?.id ?? null, page.first + 1],
    );
    const positions = new Map(rows.map(({ id, position }) => [id, position]));
    const runs = await readRuns(
      this.#database.pool,
      rows.map(({ id }) => id),
    );
    return pageOf('runs', runs, ({ id }) => ({ rank: positions.get(id) ?? 0, id }), page);
  }

  /** Each run whenever its state changes, of one workflow or of all. A state that is overtaken before it is read is not told. */
  followRuns(workflowId: string | null, signal: AbortSignal): AsyncIterable<WorkflowRunRecord> {
    if (this.#listener === null) throw new Error('Runs can be followed only where the hub listens to its database.');
    return followRuns(this.#database.pool, this.#listener, workflowId, signal);
  }

  async #checked(draft: WorkflowDraft): Promise<Definition> {
    const checks = new InputChecks();
    checks.line('input.name', draft.name);
    const checked = checkDefinition(draft);
    const faults = [...checks.faults, ...('faults' in checked ? checked.faults : await this.#unknownIds(checked.definition))];
    const [first, ...more] = faults;
    if (first !== undefined) throw badInput(first, ...more);
    if ('faults' in checked) throw new Error('A definition with faults was let through.');
    return checked.definition;
  }

  /** What the steps name has to exist when the definition is stored. */
  async #unknownIds({ steps }: Definition): Promise<InputFault[]> {
    const named = namedIn(steps, 'steps');
    if (named.length === 0) return [];
    const idsOf = (kind: string) => named.filter(({ what, id }) => what === kind && isStorable(id)).map(({ id }) => id);
    const { rows } = await this.#database.pool.query<{ id: string }>(
      'select id from campaign where id = any($1) union all select id from connection where id = any($2)',
      [idsOf('campaign'), idsOf('connection')],
    );
    const known = new Set(rows.map(({ id }) => id));
    return named.filter(({ id }) => !known.has(id)).map(({ path, id, what }) => ({ path, message: `There is no ${what} with id ${id}.` }));
  }

  async #addVersion(client: pg.PoolClient, id: string, version: number, { steps }: WorkflowDraft, definition: Definition): Promise<void> {
    await client.query(
      'insert into workflow_version (workflow_id, version, trigger, filter, steps, steps_given, created_at) values ($1, $2, $3, $4, $5, $6, $7)',
      [
        id,
        version,
        JSON.stringify(definition.trigger),
        definition.filter,
        JSON.stringify(definition.steps),
        JSON.stringify(steps),
        new Date(this.#clock.now()),
      ],
    );
  }

  async #move(actor: Actor, id: string, to: 'ACTIVE' | 'PAUSED'): Promise<WorkflowRecord> {
    return inTransaction(this.#database.pool, async (client) => {
      const { status } = await this.#locked(client, id);
      if (status !== to) {
        const before = await this.#existing(client, id);
        if (status === 'STOPPED') throw conflict('A stopped workflow cannot be started again.');
        if (status === 'DRAFT' && to === 'PAUSED') throw conflict('A workflow that was never activated cannot be paused.');
        await client.query(
          `update workflow set status = $2, active_from = coalesce(active_from, (select position from ledger_head where id = 1), 0) where id = $1`,
          [id, to],
        );
        await this.#tell(client, id);
        const operation = to === 'ACTIVE' ? 'activateWorkflow' : 'pauseWorkflow';
        await this.#audit(client, actor, operation, before, await this.#existing(client, id));
      }
      return this.#existing(client, id);
    });
  }

  async #audit(
    client: pg.PoolClient,
    actor: Actor,
    operation: string,
    before: WorkflowRecord | null,
    after: WorkflowRecord,
  ): Promise<void> {
    const at = this.#clock.now();
    await writeAudit(client, {
      at,
      actorId: actor.id,
      operation,
      subjectId: after.id,
      before: before && contentOf(before),
      after: contentOf(after),
    });
  }

  async #locked(client: pg.PoolClient, id: string): Promise<{ version: number; status: WorkflowStatus }> {
    const { rows } = await client.query<{ version: number; status: WorkflowStatus }>(
      'select version, status from workflow where id = $1 for update',
      [isStorable(id) ? id : ''],
    );
    if (rows[0] === undefined) throw notFound('workflow', id);
    return rows[0];
  }

  async #existing(client: pg.PoolClient, id: string): Promise<WorkflowRecord> {
    const { rows } = await client.query<Row>(`${SELECT} where workflow.id = $1`, [id]);
    if (rows[0] === undefined) throw notFound('workflow', id);
    return recordOf(rows[0]);
  }

  async #tell(client: pg.PoolClient, id: string): Promise<void> {
    await client.query('select pg_notify($1, $2)', [WORKFLOW_CHANNEL, WORKFLOW_TOPIC + id]);
  }
}

const contentOf = ({ id: _id, createdAt: _createdAt, ...content }: WorkflowRecord): Omit<WorkflowRecord, 'id' | 'createdAt'> => content;

const recordOf = (row: Row): WorkflowRecord => ({ ...row, createdAt: row.createdAt.toISOString() });

interface Named {
  readonly path: string;
  readonly what: 'campaign' | 'connection';
  readonly id: string;
}

/** Every id of another thing that the steps name, with its path. */
function namedIn(steps: Definition['steps'], path: string): Named[] {
  return steps.flatMap((step, index): Named[] => {
    const here = `${path}[${index}]`;
    return [
      ...(step.allocate === undefined
        ? []
        : [{ path: `${here}.allocate.campaignId`, what: 'campaign' as const, id: step.allocate.campaignId }]),
      ...(step.deliver?.channels ?? []).map(({ connectionId }, at) => ({
        path: `${here}.deliver.channels[${at}].connectionId`,
        what: 'connection' as const,
        id: connectionId,
      })),
      ...(step.call === undefined ? [] : [{ path: `${here}.call.connectionId`, what: 'connection' as const, id: step.call.connectionId }]),
      ...namedIn(step.branch?.then ?? [], `${here}.branch.then`),
      ...namedIn(step.branch?.else ?? [], `${here}.branch.else`),
    ];
  });
}
