import { createTransport } from '@valehub/connector-kit/host';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import type { Database } from '../database/database.ts';
import type { Listener } from '../database/listener.ts';
import type { CodeService } from '../domain/code/code.service.ts';
import { OUTBOX_CHANNEL } from '../domain/connection/outbox-queue.ts';
import { FEEDS_CHANNEL } from '../domain/feed/feed-queue.ts';
import type { Clock } from '../domain/shared/clock.ts';
import type { Keyring } from '../domain/shared/keyring.ts';
import type { ContextSources } from '../domain/workflow/event-context.ts';
import { registerCallbackRoute } from './authorization/callback-route.ts';
import { CheckDesk } from './checks/check-desk.ts';
import { Attention } from './connections/attention.ts';
import { ConnectionBook } from './connections/connection-book.ts';
import { FactDesk } from './facts/fact-desk.ts';
import type { FactIntake } from './facts/fact-intake.ts';
import { BackfillDesk } from './feeds/backfill-desk.ts';
import { FeedDesk } from './feeds/feed-desk.ts';
import { openFeeds } from './feeds/open-feeds.ts';
import { Forwarder } from './forwarding/forwarder.ts';
import { ForwardingDesk } from './forwarding/forwarding-desk.ts';
import { type Linking, openCredentials, openLinking } from './linking.ts';
import { Dispatcher } from './outbox/dispatcher.ts';
import { OutboxStore } from './outbox/outbox-store.ts';
import { CampaignCodeList } from './publishing/campaign-codes.ts';
import { PublicationDesk } from './publishing/publication-desk.ts';
import { Publisher } from './publishing/publisher.ts';
import { AnswerStore } from './questions/answer-store.ts';
import type { ConnectorDeskMeans } from './questions/connector-desk.ts';
import { registerQuestionRoutes } from './questions/question-routes.ts';
import type { ConnectorRegistry } from './registry/registry.ts';
import { CallBudgets } from './runner/budget.ts';
import { CircuitBreaker } from './runner/circuit.ts';
import { ConnectorRunner, type Deadlines, type StoreSource } from './runner/connector-runner.ts';
import { type DoorOptions, OwnThreadDoor, type PluginDoor } from './runner/plugin-door.ts';
import { WorkerIdentity } from './runner/worker-identity.ts';
import { TrafficDesk } from './traffic/traffic-desk.ts';
import { DELIVERIES_CHANNEL } from './webhooks/delivery-store.ts';
import { registerWebhookRoutes } from './webhooks/intake-routes.ts';
import { KeySets } from './webhooks/key-sets.ts';
import { NoticeStore } from './webhooks/notice-store.ts';
import { NoticeWorker } from './webhooks/notice-worker.ts';

export interface ConnectorHostOptions {
  readonly database: Database;
  readonly listener: Listener | null;
  readonly clock: Clock;
  readonly log: Logger;
  readonly keyring: Pick<Keyring, 'seal' | 'open'>;
  readonly stores: StoreSource;
  readonly registry: ConnectorRegistry;
  readonly intake: FactIntake;
  readonly metrics: Registry;
  /** The codes of campaigns that are published. */
  readonly codes: Pick<CodeService, 'codesFrom' | 'codeAt' | 'refresh'>;
  /** What expressions over events see. */
  readonly contexts: ContextSources;
  /** The hub's decisions, for platforms that ask. */
  readonly questions: ConnectorDeskMeans;
  readonly allowPrivateHosts: boolean;
  /** Where the outside world reaches the hub, without a closing slash. */
  readonly publicUrl: () => string;
  /** Whether this process works notices and the outbox. Any number of processes may. */
  readonly works: boolean;
  /** How often to look for work without being told; ms. */
  readonly pollMs?: number;
  readonly deadlines?: Partial<Deadlines>;
  /** 0 to 1; spreads retries. */
  readonly chance?: () => number;
  /** Where plugins' code runs; the caller's own thread where left out. */
  readonly door?: (options: DoorOptions) => PluginDoor;
}

/** The socket that connectors are plugged into, running. */
export interface ConnectorHost extends Pick<Linking, 'desk' | 'apps' | 'accounts' | 'authorizations' | 'disconnection' | 'platforms'> {
  readonly feeds: FeedDesk;
  readonly backfills: BackfillDesk;
  readonly forwardings: ForwardingDesk;
  readonly publications: PublicationDesk;
  readonly traffic: TrafficDesk;
  readonly checks: CheckDesk;
  registerRoutes(app: FastifyInstance): void;
  /** The hub is reached under its own address from now on: what needs it begins. */
  begin(): Promise<void>;
  /** Resolves once nothing is under way and nothing is due. */
  drain(): Promise<void>;
  /** Takes no more work, and waits for what is under way. */
  close(): Promise<void>;
}

const POLL_MS = 1_000;

export async function openConnectorHost(options: ConnectorHostOptions): Promise<ConnectorHost> {
  const { database, listener, clock, log, registry, stores } = options;
  const { pool } = database;
  const transport = createTransport({ allowPrivateHosts: options.allowPrivateHosts });
  const circuit = new CircuitBreaker((id, untilMs) => showCircuit(pool, log, id, untilMs));
  const doorMeans = { transport, now: () => clock.now(), log };
  const book = new ConnectionBook({ database, clock, keyring: options.keyring, registry, listener });
  const attention = new Attention({ database, clock, log, onTold: (id) => book.forget(id) });
  const door = options.door?.({ ...doorMeans, onBreach: (id, what) => attention.ofConnector(id, what) }) ?? new OwnThreadDoor(doorMeans);
  const { credentials, locks, close: closeCredentials } = openCredentials({ ...options, book, attention, runner: () => runner });
  const runner: ConnectorRunner = new ConnectorRunner({
    clock,
    log,
    stores,
    door,
    budgets: new CallBudgets(pool),
    circuit,
    credentials: (live) => credentials.source(live),
    ...(options.deadlines === undefined ? {} : { deadlines: options.deadlines }),
  });
  const outbox = new OutboxStore(pool);
  const notices = new NoticeStore(pool);
  const feeds = new FeedDesk({ pool, clock, book, attention });
  const campaignCodes = new CampaignCodeList(pool, options.codes);
  const count = counters(options.metrics);
  const linking = openLinking({
    ...options,
    book,
    attention,
    transport,
    credentials,
    locks,
    runner: () => runner,
    pollMs: options.pollMs ?? POLL_MS,
    async replay(connectionId, whose) {
      const now = new Date(clock.now());
      await notices.replay(connectionId, whose, now);
      await outbox.replay(connectionId, now);
      await feeds.resume(connectionId);
      poke();
    },
  });
  const workers = options.works ? await openWorkers() : null;

  let hasBegun = false;

  async function openWorkers() {
    const identity = await WorkerIdentity.open(database.url, log);
    const shared = {
      book,
      runner,
      attention,
      identity,
      clock,
      log,
      pollMs: options.pollMs ?? POLL_MS,
      chance: options.chance ?? Math.random,
    };
    const factDesk = new FactDesk({ pool, clock, intake: options.intake, runner, attention, credentials });
    const noticeWorker = new NoticeWorker({
      ...shared,
      pool,
      store: notices,
      account: linking.account,
      desk: factDesk,
      onSettled: (connector, state, reason) => count.notice.inc({ connector, state, reason: reason ?? '' }),
    });
    const dispatcher = new Dispatcher({
      ...shared,
      store: outbox,
      registry,
      circuit,
      onSettled: (verb, status) => count.job.inc({ verb, status }),
    });
    const reading = openFeeds({
      ...shared,
      pool,
      stores,
      account: linking.account,
      onStored: () => noticeWorker.loop.poke(),
      onSettled: (connector, feed, end) => count.feed.inc({ connector, feed, end }),
    });
    const forwarder = new Forwarder({ pool, sources: options.contexts, attention, clock, log, pollMs: shared.pollMs });
    const publisher = new Publisher({
      pool,
      codes: campaignCodes,
      attention,
      clock,
      log,
      pollMs: shared.pollMs,
      codesPerCall: async (id) => (await book.get(id))?.connector?.publishing?.codes?.perCall ?? 0,
    });
    // What feeds bring goes among the notices, what is forwarded and published through the outbox: so those are drained after them.
    const loops = [reading.loop, noticeWorker.loop, forwarder.loop, publisher.loop, dispatcher.loop] as const;
    const stop =
      listener === null
        ? []
        : [
            listener.on(DELIVERIES_CHANNEL, () => noticeWorker.loop.poke()),
            // A payload names what was read, which is no news here.
            listener.on(FEEDS_CHANNEL, (payload) => (payload === '' ? reading.loop.poke() : undefined)),
            listener.on('valehub_ledger', () => forwarder.loop.poke()),
            listener.on(OUTBOX_CHANNEL, (payload) => (payload === '' ? dispatcher : publisher).loop.poke()),
            listener.onReconnect(() => {
              for (const loop of loops) loop.poke();
            }),
          ];
    for (const loop of loops) loop.start();
    return { identity, noticeWorker, leave: reading.leave, loops, stop };
  }

  function poke(): void {
    for (const loop of workers?.loops ?? []) loop.poke();
  }

  return {
    ...linking,
    traffic: new TrafficDesk({ pool, clock, poke }),
    checks: new CheckDesk({ database, clock, book, runner, intake: options.intake, questions: options.questions }),
    forwardings: new ForwardingDesk({ database, clock, book, poke }),
    publications: new PublicationDesk({ database, clock, book, stores, campaigns: options.contexts.campaigns, codes: campaignCodes, poke }),
    async begin() {
      await linking.upkeep?.begin();
      hasBegun = true;
    },
    feeds,
    backfills: new BackfillDesk({ pool, clock, book, stores }),
    registerRoutes(app) {
      const keySets = new KeySets({ transport, clock, log });
      registerCallbackRoute(app, { desk: linking.authorizations, log });
      registerWebhookRoutes(app, {
        pool,
        book,
        runner,
        attention,
        keySets,
        publicUrl: options.publicUrl,
        clock,
        log,
        onStored: workers === null ? null : () => workers.noticeWorker.loop.poke(),
        count: (connector, result) => count.webhook.inc({ connector, result }),
      });
      registerQuestionRoutes(app, {
        pool,
        keySets,
        publicUrl: options.publicUrl,
        book,
        runner,
        answers: new AnswerStore(pool),
        desk: options.questions,
        clock,
        log,
        count: (connector, result) => count.question.inc({ connector, result }),
      });
    },
    async drain() {
      if (hasBegun) await linking.upkeep?.loop.drain();
      for (const loop of workers?.loops ?? []) await loop.drain();
    },
    async close() {
      for (const stop of workers?.stop ?? []) stop();
      workers?.leave();
      await Promise.all((workers?.loops ?? []).map((loop) => loop.stop()));
      await linking.close();
      await closeCredentials();
      await workers?.identity.close();
      book.close();
      await door.close();
      transport.close();
    },
  };
}

/** For an operator to see; each process has a circuit of its own. Nobody waits for it. */
function showCircuit(pool: Database['pool'], log: Logger, connectionId: string, untilMs: number | null): void {
  pool
    .query('update connection set circuit_open_until = $2 where id = $1', [connectionId, untilMs === null ? null : new Date(untilMs)])
    .catch((fault: unknown) => log.warn({ err: fault, connection: connectionId }, 'an open circuit could not be shown'));
}

function counters(registry: Registry) {
  const registers = [registry];
  return {
    webhook: new Counter({
      name: 'valehub_webhooks_total',
      help: 'Requests to webhook addresses by what became of them.',
      labelNames: ['connector', 'result'],
      registers,
    }),
    question: new Counter({
      name: 'valehub_questions_total',
      help: 'Questions of platforms that wait for an answer, by what became of them.',
      labelNames: ['connector', 'result'],
      registers,
    }),
    notice: new Counter({
      name: 'valehub_notices_total',
      help: 'Notices of platforms by how working them ended.',
      labelNames: ['connector', 'state', 'reason'],
      registers,
    }),
    feed: new Counter({
      name: 'valehub_feed_readings_total',
      help: 'Readings of feeds by how they ended.',
      labelNames: ['connector', 'feed', 'end'],
      registers,
    }),
    job: new Counter({
      name: 'valehub_outbox_jobs_total',
      help: 'Attempts at jobs of the outbox by how they left the job.',
      labelNames: ['verb', 'status'],
      registers,
    }),
  };
}
