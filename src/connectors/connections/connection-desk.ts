import type { ParsedSettings, SettingsFault } from '@valehub/connector-kit/host';
import { parseSettings } from '@valehub/connector-kit/host';
import type { Database } from '../../database/database.ts';
import { notify, ormRunner } from '../../database/transaction.ts';
import type { Actor } from '../../domain/access/roles.ts';
import { writeAudit } from '../../domain/audit/audit-writer.ts';
import { Connection } from '../../domain/connection/connection.entity.ts';
import type {
  ConnectDraft,
  ConnectionPatch,
  ConnectionRecord,
  ConnectorRecord,
  PlainRecord,
} from '../../domain/connection/connection.types.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import { badInput, forbidden, HubError, type InputFault, notFound } from '../../domain/shared/errors.ts';
import { newId } from '../../domain/shared/ids.ts';
import { InputChecks } from '../../domain/shared/input-checks.ts';
import type { ConnectorRegistry, InstalledConnector } from '../registry/registry.ts';
import type { StoreSource } from '../runner/connector-runner.ts';
import type { AccountCheck } from './account.ts';
import { connectionFacts } from './connection-audit.ts';
import { CONNECTIONS_CHANNEL, type ConnectionBook, type LiveConnection } from './connection-book.ts';

export interface DeskDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly registry: ConnectorRegistry;
  readonly book: ConnectionBook;
  readonly account: AccountCheck;
  readonly stores: StoreSource;
  /** Without a closing slash. */
  readonly publicUrl: () => string;
  /** Works kept notices and jobs of a connection again. */
  readonly replay: (connectionId: string, account: string | null) => Promise<void>;
}

/** Where an administrator connects platforms and sees how they fare. */
export class ConnectionDesk {
  readonly #deps: DeskDeps;

  constructor(deps: DeskDeps) {
    this.#deps = deps;
  }

  connectors(): readonly ConnectorRecord[] {
    return this.#deps.registry.all().map(({ connector, version, settingsSchema }) => ({
      id: connector.id,
      title: connector.title,
      version,
      roles: Object.keys(connector.roles).sort(),
      settingsSchema,
      appSchema: null,
      capabilities: connector.capabilities,
    }));
  }

  /** Oldest first. */
  async connections(): Promise<readonly ConnectionRecord[]> {
    const rows = await this.#deps.database.em().findAll(Connection, { orderBy: { createdAt: 'asc', id: 'asc' } });
    return rows.map(recordOf);
  }

  async connection(id: string): Promise<ConnectionRecord | null> {
    const row = await this.#deps.database.em().findOne(Connection, { id });
    return row === null ? null : recordOf(row);
  }

  /** Keeps the connection whatever its test call says: one that fails NEEDS_ATTENTION, and its webhooks are taken all the same. */
  async connect(actor: Actor, draft: ConnectDraft): Promise<ConnectionRecord> {
    administratorsOnly(actor);
    const { registry, clock, database, book, publicUrl } = this.#deps;
    const installed = registry.get(draft.connectorId);
    if (installed === undefined) throw notFound('connector', draft.connectorId);
    if (draft.appId !== null) throw notFound('app', draft.appId);
    const checks = new InputChecks();
    checks.line('input.name', draft.name);
    const parsed = settingsOf(installed, draft.settings, checks.faults);
    checks.settle();
    await this.#storesExist(draft.storeId, parsed);
    const nowMs = clock.now();
    const now = new Date(nowMs);
    const id = newId('connection', nowMs);
    await database.em().transactional(async (em) => {
      em.create(Connection, {
        id,
        connectorId: draft.connectorId,
        name: draft.name,
        storeId: draft.storeId,
        settings: parsed.settings as PlainRecord,
        secrets: book.seal(id, parsed.secrets),
        status: 'NEEDS_ATTENTION',
        account: null,
        accountName: null,
        facts: {},
        webhookUrl: installed.connector.webhooks === undefined ? null : `${publicUrl()}/webhooks/${id}`,
        lastError: 'It was not tested yet.',
        lastErrorAt: now,
        checkedAt: null,
        circuitOpenUntil: null,
        version: 1,
        createdAt: now,
        updatedAt: now,
      });
      await em.flush();
      const after = connectionFacts(null, { ...draft, ...parsed, paused: false });
      await writeAudit(ormRunner(em), { at: nowMs, actorId: actor.id, operation: 'connect', subjectId: id, before: null, after });
    });
    return this.#test(id);
  }

  /** Changes it, tests it, and has everything worked again that waited for a person. The registered webhook address stays. */
  async update(actor: Actor, id: string, patch: ConnectionPatch): Promise<ConnectionRecord> {
    administratorsOnly(actor);
    const { registry, clock, database, book } = this.#deps;
    const known = await database.em().findOne(Connection, { id });
    if (known === null) throw notFound('connection', id);
    const installed = registry.get(known.connectorId);
    if (installed === undefined) throw notFound('connector', known.connectorId);
    const checks = new InputChecks();
    for (const member of ['name', 'settings', 'paused'] as const)
      if (patch[member] === null) checks.fault(`input.${member}`, 'Cannot be cleared.');
    if (typeof patch.name === 'string') checks.line('input.name', patch.name);
    const parsed = settingsOf(installed, laidOver(book.open(known), patch.settings ?? {}), checks.faults);
    checks.settle();
    await this.#storesExist(patch.storeId ?? null, parsed);
    await database.em().transactional(async (em) => {
      const row = await em.findOneOrFail(Connection, { id });
      if (row.version !== known.version)
        throw new HubError('CONFLICT', 'The connection was changed at the same time; look at it and try again.');
      const live = book.open(row);
      const before = { ...live, paused: row.status === 'PAUSED' };
      row.name = patch.name ?? row.name;
      row.storeId = patch.storeId === undefined ? row.storeId : patch.storeId;
      row.settings = parsed.settings as PlainRecord;
      row.secrets = book.seal(id, parsed.secrets);
      if (typeof patch.paused === 'boolean') row.status = patch.paused ? 'PAUSED' : 'NEEDS_ATTENTION';
      row.version += 1;
      row.updatedAt = new Date(clock.now());
      await em.flush();
      const after = { connectorId: row.connectorId, name: row.name, storeId: row.storeId, ...parsed, paused: row.status === 'PAUSED' };
      await writeAudit(ormRunner(em), {
        at: row.updatedAt.getTime(),
        actorId: actor.id,
        operation: 'updateConnection',
        subjectId: id,
        before: connectionFacts(null, before),
        after: connectionFacts(before, after),
      });
      await notify(em, CONNECTIONS_CHANNEL, id);
    });
    return this.#test(id);
  }

  async #test(id: string): Promise<ConnectionRecord> {
    const { book, account, replay, database, clock } = this.#deps;
    book.forget(id);
    const live = await book.get(id);
    if (live?.connector && live.status !== 'PAUSED') {
      const failure = await account.check({ ...live, connector: live.connector });
      if (failure === null) await replay(id, (await book.get(id))?.account ?? null);
      else {
        await database.pool.query(`update connection set status = 'NEEDS_ATTENTION', last_error = $2, last_error_at = $3 where id = $1`, [
          id,
          `The test call failed: ${failure.code}. ${failure.message}`,
          new Date(clock.now()),
        ]);
        book.forget(id);
      }
    }
    const record = await this.connection(id);
    if (record === null) throw notFound('connection', id);
    return record;
  }

  async #storesExist(storeId: string | null, parsed: ParsedSettings): Promise<void> {
    const { stores } = this.#deps;
    const wanted: [path: string, id: string][] = Object.entries(parsed.settings.locations).map(([location, id]) => [
      `input.settings.locations.${location}`,
      id,
    ]);
    if (storeId !== null) wanted.unshift(['input.storeId', storeId]);
    const isUnknown = ([, id]: readonly [string, string]): boolean => stores.terms(id) === undefined;
    if (wanted.some(isUnknown)) await stores.refresh(wanted.filter(isUnknown).map(([, id]) => id));
    const faults: InputFault[] = wanted.filter(isUnknown).map(([path, id]) => ({ path, message: `There is no store with id ${id}.` }));
    const [first] = faults;
    if (first !== undefined) throw new HubError('NOT_FOUND', first.message, faults);
  }
}

function administratorsOnly(actor: Actor): void {
  if (actor.role !== 'ADMIN') throw forbidden('Only an ADMIN key may connect platforms.');
}

/** What is no object is left to the schema to refuse. */
function laidOver({ settings, secrets }: LiveConnection, given: unknown): unknown {
  const isObject = typeof given === 'object' && given !== null && !Array.isArray(given);
  return isObject ? { ...settings, ...secrets, ...given } : given;
}

function settingsOf(installed: InstalledConnector, given: unknown, faults: InputFault[]): ParsedSettings {
  const result = parseSettings(installed.connector, given);
  if (result.ok) return result.parsed;
  const [first, ...others] = [...faults, ...result.faults.map(atInput)];
  throw first === undefined ? new HubError('INTERNAL', 'Settings were refused without a reason.') : badInput(first, ...others);
}

const atInput = ({ path, message }: SettingsFault): InputFault => ({
  path: path === '' ? 'input.settings' : `input.settings.${path}`,
  message,
});

const recordOf = (row: Connection): ConnectionRecord => ({
  id: row.id,
  connectorId: row.connectorId,
  name: row.name,
  status: row.status,
  webhookUrl: row.webhookUrl,
  lastError: row.lastError,
});
