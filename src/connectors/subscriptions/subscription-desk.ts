import { randomBytes } from 'node:crypto';
import type { Failure } from '@valehub/connector-kit';
import type pg from 'pg';
import type { Exclusive, LockPool } from '../../database/exclusive.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import { appRunnable } from '../connections/app-book.ts';
import type { Attention } from '../connections/attention.ts';
import type { ConnectionBook } from '../connections/connection-book.ts';
import type { ConnectorRegistry } from '../registry/registry.ts';
import type { ConnectorRunner, Runnable } from '../runner/connector-runner.ts';
import { failureText } from '../runner/failure-text.ts';
import { isForPerson, keeping, known, retryAtMs } from './subscription.rules.ts';
import { SubscriptionStore } from './subscription-store.ts';

export interface SubscriptionDeskOptions {
  readonly pool: pg.Pool;
  readonly locks: LockPool;
  readonly clock: Clock;
  readonly book: ConnectionBook;
  readonly registry: ConnectorRegistry;
  readonly runner: ConnectorRunner;
  readonly attention: Attention;
  /** Without a closing slash. */
  readonly publicUrl: () => string;
}

const ENSURE_LOCK = 8_254_036;
const ENSURES_AT_ONCE = 2;
const WORDS = 'The platform could not be asked to call the hub: ';

/** For whom something is subscribed at the platform, and where it shall call. */
interface Wanted {
  readonly holder: Runnable;
  readonly url: string;
  readonly topics: readonly string[];
}

/** Sees to it that platforms call the hub, for each connection or once for an App. */
export class SubscriptionDesk {
  readonly store: SubscriptionStore;
  readonly #options: SubscriptionDeskOptions;
  readonly #exclusive: Exclusive;

  constructor(options: SubscriptionDeskOptions) {
    this.#options = options;
    this.store = new SubscriptionStore(options.pool, options.book.box);
    this.#exclusive = options.locks.exclusive(ENSURE_LOCK, ENSURES_AT_ONCE);
  }

  /** Sets right what is subscribed. Whoever waits for another process at it takes what that one did. */
  async ensure(live: Runnable): Promise<Failure | null> {
    const { clock, attention } = this.#options;
    const wanted = await this.#wanted(live);
    if (wanted === null) return null;
    const { id } = wanted.holder;
    const before = await this.store.find(id, clock.now());
    return this.#exclusive.run(id, async () => {
      const now = await this.store.find(id, clock.now());
      if (now !== undefined && now.attempts === 0 && now.version !== before?.version) return null;
      const failure = await this.#ensure(wanted);
      if (failure === null) await (id.startsWith('app_') ? attention.overApp(id, WORDS) : attention.over(id, WORDS));
      else await this.#tell(id, failure);
      return failure;
    });
  }

  /** Whether somebody has looked after it before. */
  async isKnown(live: Runnable): Promise<boolean> {
    const wanted = await this.#wanted(live);
    return wanted !== null && (await this.store.find(wanted.holder.id, this.#options.clock.now())) !== undefined;
  }

  /** Takes away what was subscribed for a connection, and with the last of an App what was for the App. */
  async remove(live: Runnable, isLastOfApp: boolean): Promise<Failure | null> {
    const holders = [live, ...(isLastOfApp ? await this.#appOf(live) : [])];
    for (const holder of holders) {
      const failure = await this.#exclusive.run(holder.id, () => this.#remove(holder));
      if (failure !== null) return failure;
    }
    return null;
  }

  async #remove(holder: Runnable): Promise<Failure | null> {
    const subscribed = await this.store.find(holder.id, this.#options.clock.now());
    if (subscribed === undefined) return null;
    const { subscriptions } = subscribed;
    const ran =
      subscriptions.length === 0 ? null : await this.#options.runner.ask(holder, { op: 'unsubscribe', have: subscriptions.map(known) });
    // What the platform does not have is gone already.
    if (ran !== null && !ran.ok && ran.failure.code !== 'NOT_FOUND') return ran.failure;
    await this.store.remove(holder.id);
    return null;
  }

  async #ensure({ holder, url, topics }: Wanted): Promise<Failure | null> {
    const { clock, runner, registry, book } = this.#options;
    const before = await this.store.find(holder.id, clock.now());
    const want = { url, topics, newSecret: randomBytes(32).toString('base64') };
    const ran = await runner.ask(holder, { op: 'ensure', want, have: (before?.subscriptions ?? []).map(known) });
    const nowMs = clock.now();
    if (!ran.ok) {
      const dueAt = new Date(retryAtMs(ran.failure, before?.attempts ?? 0, nowMs));
      await this.store.failed(holder.id, holder.connectorId, url, dueAt, new Date(nowMs));
      return ran.failure;
    }
    const { connectorId } = holder;
    const connectorVersion = registry.get(connectorId)?.version ?? '';
    await this.store.save(
      { holder: holder.id, connectorId, connectorVersion, url, before, ...keeping(before?.secrets ?? {}, ran.value) },
      nowMs,
    );
    book.forget(holder.id);
    return null;
  }

  async #tell(id: string, failure: Failure): Promise<void> {
    const { attention } = this.#options;
    const words = `${WORDS}${failureText(failure)}`;
    if (id.startsWith('app_')) await attention.tellApp(id, words);
    else if (isForPerson(failure)) await attention.tell(id, words);
    else await attention.note(id, words);
  }

  async #wanted(live: Runnable): Promise<Wanted | null> {
    const { webhooks } = live.connector;
    if (webhooks === undefined || !subscribes(live)) return null;
    const { subscriptions, topics } = webhooks;
    const url = `${this.#options.publicUrl()}/webhooks/${live.appId === null ? live.id : `apps/${live.appId}`}`;
    const [app] = 'by' in subscriptions && subscriptions.by === 'app' ? await this.#appOf(live) : [];
    return { holder: app ?? live, url, topics };
  }

  async #appOf(live: Runnable): Promise<readonly Runnable[]> {
    const app = live.appId === null ? undefined : await this.#options.book.apps.get(live.appId);
    return app?.connector ? [appRunnable({ ...app, connector: app.connector })] : [];
  }
}

/** Whether the hub subscribes by the platform's API, as this connection is set. */
export function subscribes({ connector, settings, secrets }: Pick<Runnable, 'connector' | 'settings' | 'secrets'>): boolean {
  const subscriptions = connector.webhooks?.subscriptions;
  if (subscriptions === undefined || !('ensure' in subscriptions)) return false;
  const { whenSet } = subscriptions;
  return whenSet === undefined || secrets[whenSet] !== undefined || (settings as Readonly<Record<string, unknown>>)[whenSet] !== undefined;
}
