import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Logger, pino } from 'pino';
import { type Config, loadConfig } from '../../src/config.ts';
import { ConnectorRegistry } from '../../src/connectors/registry/registry.ts';
import type { Role } from '../../src/domain/access/roles.ts';
import type { Hub } from '../../src/domain/hub.ts';
import type { Clock } from '../../src/domain/shared/clock.ts';
import { type RunningServer, startServer } from '../../src/server.ts';
import { actor } from './basics.ts';
import { createTestDatabase, type TestDatabase } from './postgres.ts';

export interface TestHubOptions {
  /** Variables of the environment on top of the defaults. */
  readonly env?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  readonly executor?: 'jit' | 'graphql-js';
  readonly compileAtUse?: number;
  readonly shortcut?: boolean;
  readonly registry?: ConnectorRegistry;
  readonly log?: Logger;
  /** A second process on the database of another: the same secret key too. */
  readonly besides?: TestHub;
}

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly data: T | null | undefined;
  readonly errors: readonly AnswerFault[] | undefined;
}

export interface AnswerFault {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: {
    readonly code: string;
    readonly path?: string;
    readonly faults?: readonly { readonly path: string; readonly message: string }[];
    readonly reference?: string;
  };
}

export interface Asking {
  /** Left out: the admin key; null: none. */
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly operationName?: string;
}

export interface KeyScope {
  readonly storeIds?: readonly string[];
  readonly connectionId?: string;
  readonly partnerId?: string;
}

/** A hub in this process: its own database, free port and home. */
export interface TestHub {
  readonly url: string;
  readonly adminKey: string;
  readonly hub: Hub;
  readonly server: RunningServer;
  readonly database: TestDatabase;
  readonly secretKey: string;
  /** Its data folder. */
  readonly home: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test names the shape where it matters.
  graphql<T = any>(query: string, variables?: Readonly<Record<string, unknown>>, asking?: Asking): Promise<Answer<T>>;
  /** The data; throws with what the hub said where there were errors. */
  // biome-ignore lint/suspicious/noExplicitAny: a test names the shape where it matters.
  ask<T = any>(query: string, variables?: Readonly<Record<string, unknown>>, asking?: Asking): Promise<T>;
  /** The secret of a new key. */
  keyFor(role: Role, scope?: KeyScope): Promise<string>;
  stop(): Promise<void>;
}

export async function startTestHub(options: TestHubOptions = {}): Promise<TestHub> {
  const database = options.besides?.database ?? (await createTestDatabase());
  const home = await mkdtemp(join(tmpdir(), 'valehub-hub-'));
  const secretKey = options.besides?.secretKey ?? randomBytes(32).toString('base64');
  const config: Config = loadConfig({
    PORT: '0',
    VALEHUB_HOME: home,
    VALEHUB_SECRET_KEY: secretKey,
    VALEHUB_LOG_LEVEL: 'silent',
    VALEHUB_REQUESTS_PER_SECOND: '100000',
    ...options.env,
  });
  const { clock, executor, compileAtUse, shortcut } = options;
  const server = await startServer({
    config,
    databaseUrl: database.url,
    temporalAddress: '127.0.0.1:1',
    log: options.log ?? pino({ level: 'silent' }),
    registry: options.registry ?? new ConnectorRegistry([]),
    ...(clock && { clock }),
    ...(executor && { executor }),
    ...(compileAtUse !== undefined && { compileAtUse }),
    ...(shortcut !== undefined && { shortcut }),
  });
  const adminKey = (await readFile(join(home, 'admin.key'), 'utf8')).trim();

  async function graphql<T>(query: string, variables: Readonly<Record<string, unknown>> = {}, asking: Asking = {}): Promise<Answer<T>> {
    const key = asking.key === undefined ? adminKey : asking.key;
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(key !== null && { authorization: `Bearer ${key}` }),
        ...asking.headers,
      },
      body: JSON.stringify({ query, variables, ...(asking.operationName !== undefined && { operationName: asking.operationName }) }),
    });
    const { data, errors } = (await response.json()) as Pick<Answer<T>, 'data' | 'errors'>;
    return { status: response.status, headers: response.headers, data, errors };
  }

  async function ask<T>(query: string, variables?: Readonly<Record<string, unknown>>, asking?: Asking): Promise<T> {
    const { data, errors } = await graphql<T>(query, variables, asking);
    if (errors || !data) throw new Error(`The hub answered: ${JSON.stringify(errors)}`);
    return data;
  }

  return {
    url: server.url,
    adminKey,
    hub: server.hub,
    server,
    database,
    secretKey,
    home,
    graphql,
    ask,
    async keyFor(role, scope = {}) {
      const { secret } = await server.hub.keys.create(actor('ADMIN'), { name: `${role} for a test`, role, ...scope });
      return secret;
    },
    async stop() {
      await server.stop();
      if (!options.besides) await database.drop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
