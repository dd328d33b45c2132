import type { Connector } from '@valehub/connector-kit';
import type { Database } from '../../database/database.ts';
import { notify, ormRunner } from '../../database/transaction.ts';
import { administratorsOnly } from '../../domain/access/administrators-only.ts';
import type { Actor } from '../../domain/access/roles.ts';
import { writeAudit } from '../../domain/audit/audit-writer.ts';
import { App } from '../../domain/connection/app.entity.ts';
import type { AppDraft, AppPatch, AppRecord, UnclaimedAccount } from '../../domain/connection/app.types.ts';
import type { PlainRecord } from '../../domain/connection/connection.types.ts';
import { type Clock, instantText } from '../../domain/shared/clock.ts';
import { badInput, conflict, notFound } from '../../domain/shared/errors.ts';
import { newId } from '../../domain/shared/ids.ts';
import { InputChecks, isGiven } from '../../domain/shared/input-checks.ts';
import type { CredentialDesk } from '../credentials/credential-desk.ts';
import type { ConnectorRegistry } from '../registry/registry.ts';
import type { UpkeepStore } from '../upkeep/upkeep-store.ts';
import { LONGEST_KEEP_S, replacedKeys, verificationNames } from './active-keys.rules.ts';
import { appFacts } from './connection-audit.ts';
import { CONNECTIONS_CHANNEL, type ConnectionBook } from './connection-book.ts';
import { appSettings, laidOver } from './settings-input.ts';

export interface AppDeskDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly registry: ConnectorRegistry;
  readonly book: ConnectionBook;
  readonly credentials: CredentialDesk;
  readonly upkeep: UpkeepStore;
  /** Without a closing slash. */
  readonly publicUrl: () => string;
}

type WithApp = Connector & { readonly app: NonNullable<Connector['app']> };

/** Where an administrator enters the developer apps that connections share. */
export class AppDesk {
  readonly #deps: AppDeskDeps;

  constructor(deps: AppDeskDeps) {
    this.#deps = deps;
  }

  /** Oldest first. */
  async apps(): Promise<readonly AppRecord[]> {
    const rows = await this.#deps.database.em().findAll(App, { orderBy: { createdAt: 'asc', id: 'asc' } });
    return rows.map(appRecord);
  }

  /** Accounts that the platform tells of at the App's address and nobody has connected; the newest first. */
  async unclaimed(appId: string): Promise<readonly UnclaimedAccount[]> {
    const { rows } = await this.#deps.database.pool.query<{ account: string | null; events: number; lastAt: Date }>(
      `select account, count(*) as events, max(received_at) as "lastAt" from notice
       where app_id = $1 and state = 'UNCLAIMED' and connection_id is null group by account order by max(received_at) desc limit 100`,
      [appId],
    );
    return rows.map(({ account, events, lastAt }) => ({ account, events, lastAt: instantText(lastAt.getTime()) }));
  }

  async create(actor: Actor, draft: AppDraft): Promise<AppRecord> {
    administratorsOnly(actor, 'connect platforms');
    const { clock, database, book, publicUrl } = this.#deps;
    const connector = this.#connectorOf(draft.connectorId);
    const checks = new InputChecks();
    checks.line('input.name', draft.name);
    const parsed = appSettings(connector.app, draft.settings, checks.faults);
    const nowMs = clock.now();
    const now = new Date(nowMs);
    const id = newId('app', nowMs);
    const { connectorId, name } = draft;
    const row = await database.em().transactional(async (em) => {
      const made = em.create(App, {
        id,
        connectorId,
        name,
        settings: parsed.settings as PlainRecord,
        secrets: book.box.seal('app', id, parsed.secrets),
        previousSecrets: null,
        previousUntil: null,
        webhookUrl: connector.webhooks === undefined ? null : `${publicUrl()}/webhooks/apps/${id}`,
        lastError: null,
        lastErrorAt: null,
        version: 1,
        createdAt: now,
        updatedAt: now,
      });
      await em.flush();
      const after = appFacts(null, { connectorId, name, ...parsed });
      await writeAudit(ormRunner(em), { at: nowMs, actorId: actor.id, operation: 'createApp', subjectId: id, before: null, after });
      return made;
    });
    return appRecord(row);
  }

  /** Changes it for all its connections in all processes; those that wait for a person are tested anew. */
  async update(actor: Actor, id: string, patch: AppPatch): Promise<AppRecord> {
    administratorsOnly(actor, 'connect platforms');
    const { clock, database, book, upkeep, credentials } = this.#deps;
    const known = await database.em().findOne(App, { id });
    if (known === null) throw notFound('app', id);
    const connector = this.#connectorOf(known.connectorId);
    const checks = new InputChecks();
    for (const member of ['name', 'settings'] as const) if (patch[member] === null) checks.fault(`input.${member}`, 'Cannot be cleared.');
    if (typeof patch.name === 'string') checks.line('input.name', patch.name);
    const { keepReplacedKeysSeconds: keepSeconds } = patch;
    checks.integer('input.keepReplacedKeysSeconds', keepSeconds, 0, LONGEST_KEEP_S);
    const before = book.apps.own(known);
    const parsed = appSettings(connector.app, laidOver(before, patch.settings ?? {}), checks.faults);
    const now = new Date(clock.now());
    const row = await database.em().transactional(async (em) => {
      const changed = await em.findOneOrFail(App, { id });
      if (changed.version !== known.version) throw conflict('The App was changed at the same time; look at it and try again.');
      const stood = { connectorId: changed.connectorId, name: changed.name, ...before };
      changed.name = patch.name ?? changed.name;
      changed.settings = parsed.settings as PlainRecord;
      changed.secrets = book.box.seal('app', id, parsed.secrets);
      const replaced = replacedKeys(verificationNames(connector), before.secrets, parsed.secrets);
      if (keepSeconds === 0 || Object.keys(replaced).length > 0) {
        changed.previousSecrets = keepSeconds === 0 ? null : book.box.seal('app', id, replaced);
        changed.previousUntil = new Date(now.getTime() + keepSeconds * 1000);
      }
      changed.version += 1;
      changed.updatedAt = now;
      await em.flush();
      await writeAudit(ormRunner(em), {
        at: now.getTime(),
        actorId: actor.id,
        operation: 'updateApp',
        subjectId: id,
        before: appFacts(null, stood),
        after: appFacts(stood, { connectorId: changed.connectorId, name: changed.name, ...parsed }),
      });
      await notify(em, CONNECTIONS_CHANNEL, id);
      return changed;
    });
    book.forget(id);
    const { rows } = await database.pool.query<{ grantId: string | null }>(
      `select distinct grant_id as "grantId" from connection where app_id = $1 and status <> 'DISCONNECTED'`,
      [id],
    );
    await credentials.revive(rows.map(({ grantId }) => grantId).filter(isGiven));
    await upkeep.retest({ appId: id }, now);
    return appRecord(row);
  }

  #connectorOf(connectorId: string): WithApp {
    const connector = this.#deps.registry.get(connectorId)?.connector;
    if (connector === undefined) throw notFound('connector', connectorId);
    const { app } = connector;
    if (app === undefined)
      throw badInput({ path: 'input.connectorId', message: `${connector.title} knows no developer apps; connect it without one.` });
    return { ...connector, app };
  }
}

const appRecord = ({ id, connectorId, name, webhookUrl, lastError }: App): AppRecord => ({ id, connectorId, name, webhookUrl, lastError });
