import type { Logger } from 'pino';
import type { Clock } from '../../domain/shared/clock.ts';
import { appRunnable } from '../connections/app-book.ts';
import type { Attention } from '../connections/attention.ts';
import type { CheckUp } from '../connections/check-up.ts';
import type { ConnectionBook } from '../connections/connection-book.ts';
import type { Disconnection } from '../connections/disconnection.ts';
import type { CredentialDesk } from '../credentials/credential-desk.ts';
import type { ConnectorRegistry } from '../registry/registry.ts';
import type { Runnable } from '../runner/connector-runner.ts';
import { failureText } from '../runner/failure-text.ts';
import { runnable } from '../runner/runnable.ts';
import { WorkLoop } from '../runner/work-loop.ts';
import { isForPerson } from '../subscriptions/subscription.rules.ts';
import { type SubscriptionDesk, subscribes } from '../subscriptions/subscription-desk.ts';
import type { UpkeepStore } from './upkeep-store.ts';
import { versionWarning } from './version-end.rules.ts';

export interface UpkeepOptions {
  readonly store: UpkeepStore;
  readonly book: ConnectionBook;
  readonly registry: ConnectorRegistry;
  readonly credentials: CredentialDesk;
  readonly subscriptions: SubscriptionDesk;
  readonly checkUp: CheckUp;
  readonly disconnection: Disconnection;
  readonly attention: Attention;
  readonly clock: Clock;
  readonly log: Logger;
  readonly pollMs: number;
  /** Without a closing slash. */
  readonly publicUrl: () => string;
}

type Chore = { readonly lease: Date } & (
  | { readonly is: 'connection'; readonly id: string; readonly retest: boolean }
  | { readonly is: 'subscription' | 'grant'; readonly id: string }
);

const CONCURRENCY = 4;
const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** A process that dies over a chore leaves it to the others after this. */
const LEASE_MS = 10 * 60_000;
const LEAST_POLL_MS = 30_000;

/** Looks after connections, their credentials and subscriptions: daily, and before something runs out. */
export class Upkeep {
  readonly loop: WorkLoop<Chore>;
  readonly #options: UpkeepOptions;
  #tidyAtMs = 0;

  constructor(options: UpkeepOptions) {
    this.#options = options;
    this.loop = new WorkLoop({
      name: 'upkeep',
      concurrency: CONCURRENCY,
      pollMs: Math.max(options.pollMs, LEAST_POLL_MS),
      log: options.log,
      sweep: () => this.#tidy(),
      claim: (room) => this.#claim(room),
      work: (chore) => this.#work(chore),
      // It comes again when its lease is over.
      giveBack: () => Promise.resolve(),
    });
  }

  /** Once the hub is reached under its own address. */
  async begin(): Promise<void> {
    const { registry, subscriptions, publicUrl, clock } = this.#options;
    const versions = Object.fromEntries(registry.all().map(({ connector, version }) => [connector.id, version]));
    await subscriptions.store.dueAtStart(versions, publicUrl(), clock.now());
    this.loop.start();
  }

  async #claim(room: number): Promise<readonly Chore[]> {
    const { store, subscriptions, credentials, clock } = this.#options;
    const now = new Date(clock.now());
    const lease = new Date(clock.now() + LEASE_MS);
    const chores: Chore[] = [];
    for (const { id, retest } of await store.due(now, lease, room)) chores.push({ is: 'connection', id, retest, lease });
    for (const id of await subscriptions.store.due(now, lease, room - chores.length)) chores.push({ is: 'subscription', id, lease });
    for (const id of await credentials.store.due(now, lease, room - chores.length)) chores.push({ is: 'grant', id, lease });
    return chores;
  }

  async #work(chore: Chore): Promise<void> {
    const { store, subscriptions, credentials, clock } = this.#options;
    const tomorrow = new Date(clock.now() + DAY_MS);
    switch (chore.is) {
      case 'connection':
        return store.done(chore.id, chore.lease, await this.#connection(chore.id, chore.retest, tomorrow));
      case 'subscription': {
        const live = await this.#holder(chore.id);
        if (live !== null) await subscriptions.ensure(live);
        return subscriptions.store.done(chore.id, chore.lease, tomorrow);
      }
      case 'grant': {
        const live = await this.#userOf(chore.id);
        if (live !== null) await credentials.keepAlive(live, chore.id);
        return credentials.store.done(chore.id, chore.lease, tomorrow);
      }
    }
  }

  /** Gives when it is looked after next; null = never. */
  async #connection(id: string, retest: boolean, tomorrow: Date): Promise<Date | null> {
    const { book, checkUp, disconnection } = this.#options;
    const known = await book.get(id);
    if (known?.status === 'DISCONNECTED') return disconnection.finish(id);
    const live = atWork(known);
    if (live === null) return tomorrow;
    if (!retest) return this.#daily(live, tomorrow);
    await checkUp.test(id);
    return tomorrow;
  }

  async #daily(live: Runnable, tomorrow: Date): Promise<Date> {
    const { checkUp, subscriptions, attention, clock } = this.#options;
    const failure = await checkUp.narrow(live);
    if (failure !== null && isForPerson(failure))
      await attention.note(live.id, `What this account can do could not be found out: ${failureText(failure)}`);
    // A newer version of the connector may subscribe by itself what a person did before.
    if (subscribes(live) && !(await subscriptions.isKnown(live))) await subscriptions.ensure(live);
    const warning = versionWarning(live.connector, clock.now());
    if (warning !== null) await attention.note(live.id, warning);
    return failure !== null && !isForPerson(failure) ? new Date(clock.now() + HOUR_MS) : tomorrow;
  }

  /** For whom something is subscribed; null where nothing may be called for it now. */
  async #holder(id: string): Promise<Runnable | null> {
    const { book } = this.#options;
    if (!id.startsWith('app_')) return atWork(await book.get(id));
    const app = await book.apps.get(id);
    return app?.connector ? appRunnable({ ...app, connector: app.connector }) : null;
  }

  /** In whose name a grant is renewed: a connection that uses it and is not paused. */
  async #userOf(grantId: string): Promise<Runnable | null> {
    const { credentials, book } = this.#options;
    const user = (await credentials.store.users(grantId)).find(({ status }) => status !== 'PAUSED');
    return user === undefined ? null : atWork(await book.get(user.id));
  }

  async #tidy(): Promise<void> {
    const { store, clock } = this.#options;
    if (clock.now() < this.#tidyAtMs) return;
    await store.tidy(new Date(clock.now()));
    this.#tidyAtMs = clock.now() + HOUR_MS;
  }
}

function atWork(live: Awaited<ReturnType<ConnectionBook['get']>>): Runnable | null {
  return live?.status === 'PAUSED' || live?.status === 'DISCONNECTED' ? null : runnable(live);
}
