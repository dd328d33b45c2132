import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Config } from './config.ts';
import { type ConnectorHost, openConnectorHost } from './connectors/connector-host.ts';
import { hubIntake } from './connectors/facts/hub-intake.ts';
import { probeConnector } from './connectors/process/probe.ts';
import { ProcessDoor } from './connectors/process/process-door.ts';
import { hubDesk } from './connectors/questions/hub-desk.ts';
import { builtInConnectors, type ConnectorRegistry, loadConnectors } from './connectors/registry/registry.ts';
import type { DoorOptions, PluginDoor } from './connectors/runner/plugin-door.ts';
import { CredentialKeys, resealCredentials } from './domain/connection/credential-keys.ts';
import type { Hub } from './domain/hub.ts';
import { ledgerJsonSchema } from './domain/ledger/ledger-schema.ts';
import type { Clock } from './domain/shared/clock.ts';
import { workflowJsonSchema } from './domain/workflow/definition.schema.ts';
import { workerIsAtWork } from './domain/workflow/worker-health.ts';
import { WorkflowService } from './domain/workflow/workflow.service.ts';
import { openOwnHub } from './own-hub.ts';
import { startApollo } from './schema/apollo.ts';
import { Attempts } from './schema/attempts.ts';
import { registerCodeDownloads } from './schema/code-download.ts';
import type { Services } from './schema/context.ts';
import { Documents, type ExecutorKind } from './schema/documents.ts';
import { GRAPHQL_PATH, registerGraphqlDoor } from './schema/door.ts';
import { Executor } from './schema/executor.ts';
import { registerFaults } from './schema/fault-replies.ts';
import { faultShower } from './schema/faults.ts';
import { buildApiSchema } from './schema/index.ts';
import { graphqlMetrics, watchSockets } from './schema/metrics.ts';
import { PersistedQueries } from './schema/persisted-queries.ts';
import { type Readiness, registerProbes } from './schema/probes.ts';
import { registerSchemas } from './schema/published-schemas.ts';
import { openSockets } from './schema/sockets.ts';
import { loadTrustedDocuments } from './schema/trusted-documents.ts';

/** Keys travel in a header of their own, never in a cookie: a page that has none can do nothing with an answer it may read. */
const ASKED_WITH = ['authorization', 'content-type', 'accept', 'accept-language', 'apollo-require-preflight', 'x-apollo-operation-name'];

export interface ServerDeps {
  readonly config: Config;
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly log: Logger;
  readonly clock?: Clock;
  /** The process's own, closed by whoever opened it; where there is none, one is opened and closed with the server. */
  readonly hub?: Hub;
  /** Which executor answers; jit where nothing is said. */
  readonly executor?: ExecutorKind;
  /** At which use of a query text it is compiled. */
  readonly compileAtUse?: number;
  /** false: every request takes the long way through Apollo Server. */
  readonly shortcut?: boolean;
  /** Instead of the plugins that are installed. They run in this process: no package of theirs could be loaded into another. */
  readonly registry?: ConnectorRegistry;
}

export interface RunningServer {
  readonly url: string;
  readonly hub: Hub;
  readonly connectors: ConnectorHost;
  /** Only where the admin key was made just now. */
  readonly firstStart?: { readonly adminKey: string };
  stop(): Promise<void>;
}

/** Opens the hub and serves it: GraphQL over HTTP and WebSocket, webhooks, code downloads, schemas, probes. */
export async function startServer(deps: ServerDeps): Promise<RunningServer> {
  /** What was opened, to be closed in reverse order. */
  const opened: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (let close = opened.pop(); close; close = opened.pop()) await close();
  };
  try {
    return { ...(await open(deps, opened)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function open(deps: ServerDeps, opened: (() => Promise<unknown>)[]): Promise<Omit<RunningServer, 'stop'>> {
  const { config, log } = deps;
  const hub = deps.hub ?? (await openOwnHub(deps));
  if (!deps.hub) opened.push(() => hub.close());
  await mkdir(config.home, { recursive: true, mode: 0o711 });
  const admin = await hub.keys.ensureAdminKey(join(config.home, 'admin.key'));
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const registry =
    deps.registry ??
    (await loadConnectors({
      builtIn: builtInConnectors(),
      further: config.connectors ?? [],
      log,
      probe: (specifier) => probeConnector(specifier, log),
    }));
  let url = '';
  const { credentialsKey: current, credentialsKeyPrevious: previous } = config;
  const credentials = new CredentialKeys({ keyring: hub.keyring, current, previous });
  const resealed = await resealCredentials(hub.database.pool, credentials);
  if (resealed > 0) log.info({ credentials: resealed }, 'credentials were sealed anew under the current key');
  const connectors = await openConnectorHost({
    ...hub,
    keyring: credentials,
    registry,
    intake: hubIntake(hub),
    questions: hubDesk(hub),
    contexts: { ...hub, pool: hub.database.pool },
    codes: hub.codes,
    metrics,
    allowPrivateHosts: config.allowPrivateHosts,
    publicUrl: () => config.publicUrl ?? `http://localhost:${new URL(url).port}`,
    works: true,
    ...(deps.registry ? {} : { door: processDoor(registry, config, log) }),
  });
  opened.push(() => connectors.close());
  const { app, apollo, sockets } = await serve(deps, hub, connectors, metrics);
  // Sockets go first: a closing HTTP server waits for connections that are not idle.
  opened.push(
    () => apollo.stop(),
    () => app.close(),
    () => sockets.close(),
  );
  url = await app.listen({ port: config.port, host: config.host });
  await connectors.begin();
  log.info({ url }, 'the API listens');
  return { url, hub, connectors, ...(admin.created && { firstStart: { adminKey: admin.secret } }) };
}

const processDoor =
  (registry: ConnectorRegistry, config: Config, log: Logger) =>
  ({ now, onBreach }: DoorOptions): PluginDoor =>
    new ProcessDoor({
      specifierOf: (id) => registry.get(id)?.packageName ?? id,
      allowPrivateHosts: config.allowPrivateHosts,
      memoryMb: config.connectorMemory,
      now,
      log,
      onBreach,
    });

async function serve(deps: ServerDeps, hub: Hub, connectors: ConnectorHost, metrics: Registry) {
  const { config, log } = deps;
  const schema = buildApiSchema();
  const services: Services = {
    hub,
    connectors: connectors.desk,
    links: connectors,
    feeds: connectors.feeds,
    backfills: connectors.backfills,
    forwardings: connectors.forwardings,
    publications: connectors.publications,
    traffic: connectors.traffic,
    checks: connectors.checks,
    workflows: new WorkflowService(hub),
    attempts: new Attempts(hub, config.attemptsPerMinute),
    never: new AbortController().signal,
  };
  const documents = new Documents(schema, deps.executor, deps.compileAtUse);
  const executor = new Executor(schema, log);
  const persisted = new PersistedQueries({ documents, trusted: await loadTrustedDocuments(config, documents) });
  const figures = graphqlMetrics(metrics);
  const showFault = faultShower(log, figures.fault);
  const apollo = await startApollo({ schema, documents, executor, log, showFault });

  const app = Fastify({ forceCloseConnections: 'idle', keepAliveTimeout: 70_000 });
  registerFaults(app, showFault);
  await app.register(helmet);
  if (config.allowedOrigins.length > 0)
    await app.register(cors, { origin: [...config.allowedOrigins], methods: ['GET', 'POST'], allowedHeaders: ASKED_WITH, maxAge: 86_400 });
  registerGraphqlDoor(app, {
    services,
    apollo,
    documents,
    executor,
    persisted,
    showFault,
    proxies: config.trustProxy,
    requestsPerSecond: config.requestsPerSecond,
    metrics: figures,
    shortcut: deps.shortcut ?? true,
  });
  connectors.registerRoutes(app);
  registerCodeDownloads(app, hub, config.trustProxy);
  registerSchemas(app, { 'ledger.json': ledgerJsonSchema(), 'workflow.json': workflowJsonSchema() });
  registerProbes(app, readinessOf(deps, hub, app), metrics, log);
  const sockets = openSockets(app.server, {
    services,
    documents,
    executor,
    persisted,
    log,
    showFault,
    proxies: config.trustProxy,
    requestsPerSecond: config.requestsPerSecond,
  });
  watchSockets(metrics, () => sockets.open);
  return { app, apollo, sockets };
}

const readinessOf = ({ config }: ServerDeps, hub: Hub, app: FastifyInstance): readonly Readiness[] => [
  // Asked without a key, it answers that it wants one.
  {
    name: 'graphql',
    isReady: async () => (await app.inject({ method: 'POST', url: GRAPHQL_PATH, payload: { query: '{ __typename }' } })).statusCode === 401,
  },
  { name: 'database', isReady: async () => (await hub.database.pool.query('select 1')).rowCount === 1 },
  { name: 'worker', isReady: () => workerIsAtWork(hub.database.pool, hub.clock, config.taskQueue) },
];
