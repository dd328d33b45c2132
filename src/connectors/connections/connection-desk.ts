import { authOf, type ParsedSettings } from '@valehub/connector-kit/host';
import type { Database } from '../../database/database.ts';
import { notify, ormRunner } from '../../database/transaction.ts';
import { administratorsOnly } from '../../domain/access/administrators-only.ts';
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
import { CredentialGrant } from '../../domain/connection/credential-grant.entity.ts';
import { canonicalJson } from '../../domain/shared/canonical.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import { conflict, notFound } from '../../domain/shared/errors.ts';
import { newId } from '../../domain/shared/ids.ts';
import { InputChecks, isGiven } from '../../domain/shared/input-checks.ts';
import type { CredentialDesk } from '../credentials/credential-desk.ts';
import type { ConnectorRegistry, InstalledConnector } from '../registry/registry.ts';
import type { StoreSource } from '../runner/connector-runner.ts';
import { KEEP_PREVIOUS_MS, LONGEST_KEEP_S, replacedKeys, verificationNames } from './active-keys.rules.ts';
import type { CheckUp } from './check-up.ts';
import { connectionFacts } from './connection-audit.ts';
import { CONNECTIONS_CHANNEL, type ConnectionBook } from './connection-book.ts';
import { linksOf } from './connection-links.ts';
import { connectionRecord } from './connection-record.ts';
import { connectorRecord } from './connector-record.ts';
import { connectionSettings, laidOver } from './settings-input.ts';
import { checkStores } from './stores-exist.ts';

export interface DeskDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly registry: ConnectorRegistry;
  readonly book: ConnectionBook;
  readonly stores: StoreSource;
  readonly credentials: CredentialDesk;
  readonly checkUp: CheckUp;
  /** Without a closing slash. */
  readonly publicUrl: () => string;
}

const DAY_MS = 24 * 60 * 60_000;

/** Where an administrator connects platforms and sees how they fare. */
export class ConnectionDesk {
  readonly #deps: DeskDeps;

  constructor(deps: DeskDeps) {
    this.#deps = deps;
  }

  connectors(): readonly ConnectorRecord[] {
    const { registry, publicUrl } = this.#deps;
    return registry.all().map((installed) => connectorRecord(installed, publicUrl()));
  }

  /** Oldest first; those that were disconnected only where they are asked for. */
  async connections(includeDisconnected = false): Promise<readonly ConnectionRecord[]> {
    const em = this.#deps.database.em();
    const rows = await em.find(Connection, includeDisconnected ? {} : { status: { $ne: 'DISCONNECTED' } }, {
      orderBy: { createdAt: 'asc', id: 'asc' },
    });
    return this.#records(rows);
  }

  async connection(id: string): Promise<ConnectionRecord | null> {
    const row = await this.#deps.database.em().findOne(Connection, { id });
    return row === null ? null : ((await this.#records([row]))[0] ?? null);
  }

  /** Keeps the connection whatever its test call says: one that fails NEEDS_ATTENTION, and its webhooks are taken all the same. */
  async connect(actor: Actor, draft: ConnectDraft): Promise<ConnectionRecord> {
    administratorsOnly(actor, 'connect platforms');
    const { clock, database, book, publicUrl, stores } = this.#deps;
    const { connector } = this.#installed(draft.connectorId);
    const { app, grantId } = await linksOf(this.#deps, connector, draft);
    const checks = new InputChecks();
    checks.line('input.name', draft.name);
    const parsed = connectionSettings(connector, draft.settings, app !== null, checks.faults);
    await checkStores(stores, draft.storeId, parsed.settings.locations);
    const nowMs = clock.now();
    const now = new Date(nowMs);
    const id = newId('connection', nowMs);
    const ownUrl = connector.webhooks === undefined ? null : `${publicUrl()}/webhooks/${id}`;
    const made = { connectorId: draft.connectorId, appId: app?.id ?? null, name: draft.name, storeId: draft.storeId };
    await database.em().transactional(async (em) => {
      em.create(Connection, {
        ...made,
        id,
        grantId,
        settings: parsed.settings as PlainRecord,
        secrets: book.box.seal('connection', id, parsed.secrets),
        previousSecrets: null,
        previousUntil: null,
        status: 'NEEDS_ATTENTION',
        account: null,
        accountName: null,
        accounts: null,
        capabilities: null,
        facts: {},
        webhookUrl: app === null ? ownUrl : app.webhookUrl,
        lastError: 'It was not tested yet.',
        lastErrorAt: now,
        checkedAt: null,
        upkeepAt: new Date(nowMs + DAY_MS),
        retest: false,
        disconnectedAt: null,
        circuitOpenUntil: null,
        version: 1,
        createdAt: now,
        updatedAt: now,
      });
      await em.flush();
      const after = connectionFacts(null, { ...made, ...parsed, paused: false });
      await writeAudit(ormRunner(em), { at: nowMs, actorId: actor.id, operation: 'connect', subjectId: id, before: null, after });
    });
    return this.#tested(id);
  }

  /** Changes it, tests it, and has everything worked again that waited for a person. The registered webhook address stays. */
  async update(actor: Actor, id: string, patch: ConnectionPatch): Promise<ConnectionRecord> {
    administratorsOnly(actor, 'connect platforms');
    const { clock, database, book, stores } = this.#deps;
    const known = await database.em().findOne(Connection, { id });
    if (known === null) throw notFound('connection', id);
    if (known.status === 'DISCONNECTED') throw conflict('The connection was disconnected for good; connect the account anew.');
    const { connector } = this.#installed(known.connectorId);
    const checks = new InputChecks();
    for (const member of ['name', 'settings', 'paused'] as const)
      if (patch[member] === null) checks.fault(`input.${member}`, 'Cannot be cleared.');
    if (typeof patch.name === 'string') checks.line('input.name', patch.name);
    const keepSeconds = patch.keepReplacedKeysSeconds ?? KEEP_PREVIOUS_MS / 1000;
    checks.integer('input.keepReplacedKeysSeconds', keepSeconds, 0, LONGEST_KEEP_S);
    const before = book.own(known);
    const parsed = connectionSettings(connector, laidOver(before, patch.settings ?? {}), known.appId !== null, checks.faults);
    await checkStores(stores, patch.storeId ?? null, parsed.settings.locations);
    await database.em().transactional(async (em) => {
      const row = await em.findOneOrFail(Connection, { id });
      if (row.version !== known.version) throw conflict('The connection was changed at the same time; look at it and try again.');
      const stood = { ...row, ...before, paused: row.status === 'PAUSED' };
      row.name = patch.name ?? row.name;
      row.storeId = patch.storeId === undefined ? row.storeId : patch.storeId;
      row.settings = parsed.settings as PlainRecord;
      row.secrets = book.box.seal('connection', id, parsed.secrets);
      const replaced = replacedKeys(verificationNames(connector), before.secrets, parsed.secrets);
      if (keepSeconds === 0 || Object.keys(replaced).length > 0) {
        row.previousSecrets = keepSeconds === 0 ? null : book.box.seal('connection', id, replaced);
        row.previousUntil = new Date(clock.now() + keepSeconds * 1000);
      }
      if (typeof patch.paused === 'boolean') row.status = patch.paused ? 'PAUSED' : 'NEEDS_ATTENTION';
      row.version += 1;
      row.updatedAt = new Date(clock.now());
      await em.flush();
      await writeAudit(ormRunner(em), {
        at: row.updatedAt.getTime(),
        actorId: actor.id,
        operation: 'updateConnection',
        subjectId: id,
        before: connectionFacts(null, stood),
        after: connectionFacts(stood, { ...row, ...parsed, paused: row.status === 'PAUSED' }),
      });
      await notify(em, CONNECTIONS_CHANNEL, id);
    });
    await this.#logInAnew(known, before, parsed);
    return this.#tested(id);
  }

  /** A person has acted: a log-in that was refused is tried again; one that was made with other credentials is made anew. */
  async #logInAnew(row: Connection, before: ParsedSettings, after: ParsedSettings): Promise<void> {
    if (row.grantId === null) return;
    const { connector } = this.#installed(row.connectorId);
    const ofLogIn = ({ settings: { locations: _locations, ...settings }, secrets }: ParsedSettings) => canonicalJson({ settings, secrets });
    const isOther = ofLogIn(before) !== ofLogIn(after) && authOf(connector, after)?.authorize === undefined;
    await this.#deps.credentials.revive([row.grantId], isOther);
  }

  async #tested(id: string): Promise<ConnectionRecord> {
    await this.#deps.checkUp.test(id);
    const record = await this.connection(id);
    if (record === null) throw notFound('connection', id);
    return record;
  }

  #installed(connectorId: string): InstalledConnector {
    const installed = this.#deps.registry.get(connectorId);
    if (installed === undefined) throw notFound('connector', connectorId);
    return installed;
  }

  async #records(rows: readonly Connection[]): Promise<readonly ConnectionRecord[]> {
    const { database, book } = this.#deps;
    const grantIds = rows.map(({ grantId }) => grantId).filter(isGiven);
    const grants = grantIds.length === 0 ? [] : await database.em().find(CredentialGrant, { id: { $in: grantIds } });
    const statusOf = new Map(grants.map(({ id, status }) => [id, status]));
    const records: ConnectionRecord[] = [];
    for (const row of rows) {
      const live = await book.get(row.id);
      if (live !== undefined) records.push(connectionRecord(row, live, statusOf.get(row.grantId ?? '') ?? null));
    }
    return records;
  }
}
