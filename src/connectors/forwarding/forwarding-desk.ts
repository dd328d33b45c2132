import { findVerb } from '@valehub/connector-kit/host';
import type { Database } from '../../database/database.ts';
import { ormRunner } from '../../database/transaction.ts';
import { administratorsOnly } from '../../domain/access/administrators-only.ts';
import type { Actor } from '../../domain/access/roles.ts';
import { writeAudit } from '../../domain/audit/audit-writer.ts';
import type { PlainRecord } from '../../domain/connection/connection.types.ts';
import { Forwarding } from '../../domain/connection/forwarding.entity.ts';
import type { ForwardingDraft, ForwardingPatch, ForwardingRecord } from '../../domain/connection/forwarding.types.ts';
import { ExpressionChecker } from '../../domain/expression/expression.ts';
import { LEDGER_EVENT_TYPES } from '../../domain/ledger/ledger.types.ts';
import { LedgerBook } from '../../domain/ledger/ledger-book.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import { badInput, HubError, type InputFault, notFound } from '../../domain/shared/errors.ts';
import { newId } from '../../domain/shared/ids.ts';
import { EVENT_VARIABLES } from '../../domain/workflow/variables.ts';
import type { ConnectionBook } from '../connections/connection-book.ts';
import { CARRIERS, isCarrier } from './forwarded.ts';

/** Where an administrator says which events of the ledger go to which platform. */
export class ForwardingDesk {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #book: ConnectionBook;
  readonly #ledger: LedgerBook;
  readonly #poke: () => void;

  constructor(options: { database: Database; clock: Clock; book: ConnectionBook; poke: () => void }) {
    this.#database = options.database;
    this.#clock = options.clock;
    this.#book = options.book;
    this.#ledger = new LedgerBook(options.database.pool);
    this.#poke = options.poke;
  }

  /** Oldest first; of one connection, or of all. */
  async list(connectionId: string | null): Promise<readonly ForwardingRecord[]> {
    const where = connectionId === null ? {} : { connectionId };
    const rows = await this.#database.em().find(Forwarding, where, { orderBy: { createdAt: 'asc', id: 'asc' } });
    const head = await this.#ledger.head();
    return rows.map((row) => recordOf(row, head));
  }

  async create(actor: Actor, draft: ForwardingDraft): Promise<ForwardingRecord> {
    administratorsOnly(actor, 'say what goes to platforms');
    const live = await this.#book.get(draft.connectionId);
    if (live === undefined) throw notFound('connection', draft.connectionId);
    const { verb } = draft;
    if (!isCarrier(verb))
      throw badInput({ path: 'input.verb', message: `Events can be forwarded by ${Object.keys(CARRIERS).join(', ')}.` });
    if (live.connector === null || findVerb(live.connector, verb) === undefined)
      throw new HubError('BAD_USER_INPUT', `The connector ${live.connectorId} has no ${verb}.`, [
        { path: 'input.verb', message: `The connector ${live.connectorId} has no ${verb}.` },
      ]);
    const checked = checkedOf(verb, draft);
    const now = this.#clock.now();
    const id = newId('forwarding', now);
    const position = draft.fromStart ? 0 : await this.#ledger.head();
    await this.#database.em().transactional(async (em) => {
      em.create(Forwarding, { id, connectionId: draft.connectionId, verb, ...checked, position, paused: false, createdAt: new Date(now) });
      await em.flush();
      const after = { connectionId: draft.connectionId, verb, ...checked, position };
      await writeAudit(ormRunner(em), { at: now, actorId: actor.id, operation: 'createForwarding', subjectId: id, before: null, after });
    });
    this.#poke();
    return this.#one(id);
  }

  async update(actor: Actor, id: string, patch: ForwardingPatch): Promise<ForwardingRecord> {
    administratorsOnly(actor, 'say what goes to platforms');
    await this.#database.em().transactional(async (em) => {
      const row = await em.findOne(Forwarding, { id });
      if (row === null) throw notFound('forwarding', id);
      if (!isCarrier(row.verb)) throw new Error(`The forwarding ${id} has a verb that carries no events.`);
      const before = factsOf(row);
      const checked = checkedOf(row.verb, {
        events: patch.events ?? row.events,
        filter: patch.filter === undefined ? row.filter : patch.filter,
        settings: patch.settings === undefined ? row.settings : patch.settings,
      });
      Object.assign(row, checked, { paused: patch.paused ?? row.paused });
      await em.flush();
      const audit = { at: this.#clock.now(), actorId: actor.id, operation: 'updateForwarding', subjectId: id };
      await writeAudit(ormRunner(em), { ...audit, before, after: factsOf(row) });
    });
    this.#poke();
    return this.#one(id);
  }

  /** What is in the outbox already still goes out. */
  async remove(actor: Actor, id: string): Promise<boolean> {
    administratorsOnly(actor, 'say what goes to platforms');
    return this.#database.em().transactional(async (em) => {
      const row = await em.findOne(Forwarding, { id });
      if (row === null) throw notFound('forwarding', id);
      const before = factsOf(row);
      await em.remove(row).flush();
      const audit = { at: this.#clock.now(), actorId: actor.id, operation: 'deleteForwarding', subjectId: id };
      await writeAudit(ormRunner(em), { ...audit, before, after: null });
      return true;
    });
  }

  async #one(id: string): Promise<ForwardingRecord> {
    const row = await this.#database.em().findOneOrFail(Forwarding, { id });
    return recordOf(row, await this.#ledger.head());
  }
}

const known = new Set<string>(LEDGER_EVENT_TYPES);

/** Every fault at once, each with its path. */
function checkedOf(
  verb: keyof typeof CARRIERS,
  given: { readonly events: readonly string[]; readonly filter: string | null; readonly settings: unknown },
): { events: string[]; filter: string | null; settings: PlainRecord } {
  const faults: InputFault[] = given.events.flatMap((type, at) =>
    known.has(type) ? [] : [{ path: `input.events[${at}]`, message: `There is no event ${type}.` }],
  );
  if (given.events.length === 0) faults.push({ path: 'input.events', message: 'Name at least one event.' });
  const filter = given.filter?.trim() ? given.filter : null;
  const fault = filter === null ? undefined : new ExpressionChecker(EVENT_VARIABLES).check(filter, 'bool');
  if (fault) faults.push({ path: 'input.filter', message: `${fault.message} (line ${fault.line}, column ${fault.column}).` });
  const settings = CARRIERS[verb].settings.safeParse(given.settings ?? {});
  if (!settings.success)
    faults.push(
      ...settings.error.issues.map((issue) => ({ path: ['input.settings', ...issue.path.map(String)].join('.'), message: issue.message })),
    );
  const [first, ...others] = faults;
  if (first !== undefined) throw badInput(first, ...others);
  return { events: [...new Set(given.events)], filter, settings: settings.data as PlainRecord };
}

const factsOf = ({ connectionId, verb, events, filter, settings, paused }: Forwarding) => ({
  connectionId,
  verb,
  events: [...events],
  filter,
  settings,
  paused,
});

const recordOf = (row: Forwarding, head: number): ForwardingRecord => ({
  id: row.id,
  connectionId: row.connectionId,
  verb: row.verb,
  events: row.events,
  filter: row.filter,
  settings: row.settings,
  position: row.position,
  behind: Math.max(0, head - row.position),
  paused: row.paused,
});
