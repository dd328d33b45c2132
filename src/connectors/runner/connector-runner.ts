import { setTimeout as pause } from 'node:timers/promises';
import {
  CallError,
  type ConnectedStore,
  type Connector,
  type Delivery,
  type Desk,
  durationMs,
  durationOf,
  type Fact,
  type Failure,
  type Job,
  type Notice,
  type Outcome,
  type Plain,
  type Resource,
  type Step,
} from '@valehub/connector-kit';
import type {
  CallReport,
  CredentialSource,
  GateUse,
  Identified,
  Operation,
  OperationName,
  Operations,
  Ran,
} from '@valehub/connector-kit/host';
import type { Logger } from 'pino';
import type { Clock } from '../../domain/shared/clock.ts';
import type { StoreTerms } from '../../domain/store/store.types.ts';
import type { LiveConnection } from '../connections/connection-book.ts';
import { type BudgetOwner, budgetOwner, type CallBudgets } from './budget.ts';
import type { CircuitBreaker } from './circuit.ts';
import { Passes } from './passes.ts';
import type { PluginDoor, PluginMeans } from './plugin-door.ts';

/** What the runner needs of the stores. */
export interface StoreSource {
  terms(id: string): StoreTerms | undefined;
  refresh(ids?: readonly string[]): Promise<void>;
}

export interface RunnerOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly stores: StoreSource;
  readonly door: PluginDoor;
  readonly budgets: CallBudgets;
  readonly circuit: CircuitBreaker;
  /** The credential of a connection whose platform gives tokens, as it stands now; undefined where it takes none. */
  readonly credentials?: (live: Runnable) => Promise<CredentialSource | undefined>;
  readonly deadlines?: Partial<Deadlines>;
}

/** In ms. `request`: one call to the platform; the others: one operation of a plugin, all its calls together. */
export interface Deadlines {
  readonly request: number;
  readonly identify: number;
  readonly split: number;
  readonly read: number;
  readonly feed: number;
  readonly verb: number;
  /** How long a call may wait for its limit before its work is put back; four times as long where a person waits for what it says. */
  readonly patience: number;
}

const DEADLINES: Deadlines = {
  request: 10_000,
  identify: 15_000,
  split: 5_000,
  read: 45_000,
  feed: 120_000,
  verb: 60_000,
  patience: 2_000,
};

/** The hub's own refusals to call, which say nothing about the platform. */
const OWN_REFUSALS = {
  LIMIT: 'A limit of the platform is reached; the call waits.',
  CIRCUIT: 'The platform has been failing and is left alone for a while.',
} as const;

/** A connection whose connector is there. */
export type Runnable = LiveConnection & { readonly connector: Connector };

/** How an operation is asked for, where it differs from the usual. */
export interface Asking {
  readonly location?: string | undefined;
  readonly deadlineMs?: number;
  /** For log-ins, which must not ask for the credential that they are about to make. */
  readonly withoutCredential?: boolean;
  readonly desk?: Desk;
  /** It can wait: of the platform's limits it takes a part only. */
  readonly background?: boolean;
}

const CALL_MS: Readonly<Record<OperationName, keyof Omit<Deadlines, 'request' | 'patience'>>> = {
  identify: 'identify',
  locations: 'identify',
  choices: 'identify',
  narrow: 'identify',
  split: 'split',
  about: 'split',
  read: 'read',
  fetch: 'read',
  feed: 'feed',
  feedStart: 'read',
  verb: 'verb',
  find: 'verb',
  ensure: 'verb',
  unsubscribe: 'verb',
  answer: 'read',
  obtain: 'identify',
  accept: 'identify',
  revoke: 'identify',
};

/** A test that is turned away by the hub's own feeds and subscriptions would say that the connection does not work. */
const PERSONS_PATIENCE = 4;

/** What calls nobody needs no credential. */
const CALLS_NOBODY: ReadonlySet<OperationName> = new Set(['split', 'about']);

/** Calls plugins on behalf of connections: with their context, limits and deadlines. Never throws for what a plugin does. */
export class ConnectorRunner {
  readonly #options: RunnerOptions;
  readonly #deadlines: Deadlines;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#deadlines = { ...DEADLINES, ...options.deadlines };
  }

  identify(live: Runnable): Promise<Ran<Identified>> {
    return this.ask(live, { op: 'identify' });
  }

  split(live: Runnable, delivery: Delivery): Promise<Ran<readonly Notice[]>> {
    return this.ask(live, { op: 'split', delivery });
  }

  read(live: Runnable, notice: Notice): Promise<Ran<readonly Fact[]>> {
    return this.ask(live, { op: 'read', notice }, { location: notice.location });
  }

  fetch(live: Runnable, resource: Resource, ids: readonly string[], location?: string): Promise<Ran<readonly Fact[]>> {
    return this.ask(live, { op: 'fetch', resource, ids }, { location });
  }

  /** Every job has an outcome, or the verb goes on. */
  async run(live: Runnable, name: string, jobs: readonly Job<Plain>[], state: Plain): Promise<Step<Plain, Plain>> {
    const ran = await this.ask(live, { op: 'verb', name, jobs, state }, { location: jobs[0]?.location });
    return ran.ok ? ran.value : { outcomes: jobs.map((job) => ({ job: job.id, failed: ran.failure })) };
  }

  /** Asks the platform for what an earlier attempt may have done. */
  async find(live: Runnable, name: string, jobs: readonly Job<Plain>[]): Promise<readonly Outcome<Plain>[]> {
    const ran = await this.ask(live, { op: 'find', name, jobs }, { location: jobs[0]?.location });
    return ran.ok ? (ran.value.outcomes ?? []) : jobs.map((job) => ({ job: job.id, failed: ran.failure }));
  }

  /** Any operation of the connector. */
  async ask<K extends OperationName>(live: Runnable, operation: Operation<K>, asking: Asking = {}): Promise<Ran<Operations[K]['out']>> {
    const { door, credentials } = this.#options;
    await this.#knowStores(live);
    const after: (() => Promise<void>)[] = [];
    const passes = new Passes();
    const bare = asking.withoutCredential === true || CALLS_NOBODY.has((operation as Operation).op);
    const source = bare ? undefined : await credentials?.(live);
    try {
      return await door.enter<K>({
        connector: live.connector,
        operation,
        context: {
          settings: live.settings,
          secrets: live.secrets,
          account: live.account,
          facts: live.facts,
          location: asking.location ?? null,
          stores: this.#storesOf(live),
          requestMs: this.#deadlines.request,
        },
        means: {
          ...this.#means(live, asking, this.#patienceFor((operation as Operation).op), passes, after),
          ...(source ? { credentials: source } : {}),
          ...(asking.desk ? { desk: asking.desk } : {}),
        },
        deadlineMs: asking.deadlineMs ?? this.#deadlines[CALL_MS[(operation as Operation).op]],
      });
    } finally {
      await passes.end();
      for (const settle of after) await settle();
    }
  }

  #patienceFor(name: OperationName): number {
    return this.#deadlines.patience * (CALL_MS[name] === 'identify' ? PERSONS_PATIENCE : 1);
  }

  #means(live: Runnable, { background }: Asking, patienceMs: number, passes: Passes, after: (() => Promise<void>)[]): PluginMeans {
    const { budgets, clock } = this.#options;
    const owner = budgetOwner(live, background);
    return {
      gate: async (use, signal) => {
        await passes.settled();
        passes.add(use, await this.#gate(live, owner, use, patienceMs, signal));
      },
      onOver: (use) => passes.over(use),
      onPace: (paces, use) => void after.push(() => budgets.adjust(owner, use, paces, clock.now())),
      onCall: (report) => this.#reported(live, report, after),
    };
  }

  /** Lets a call pass when the platform’s limits have room, soon; else its work is put back. Gives what frees the pass again. */
  async #gate(live: Runnable, owner: BudgetOwner, use: GateUse, patienceMs: number, signal: AbortSignal): Promise<() => Promise<void>> {
    const { clock, circuit, budgets } = this.#options;
    const openUntil = circuit.openUntil(live.id, clock.now());
    if (openUntil !== null)
      throw new CallError({ code: 'RATE_LIMITED', message: OWN_REFUSALS.CIRCUIT, wait: durationOf(openUntil - clock.now()) });
    for (let waited = 0; ; ) {
      const taken = await budgets.take(owner, use, clock.now());
      if (taken.ok) return taken.release;
      waited += taken.waitMs;
      if (waited > patienceMs) throw new CallError({ code: 'RATE_LIMITED', message: OWN_REFUSALS.LIMIT, wait: durationOf(taken.waitMs) });
      await pause(taken.waitMs, undefined, { signal });
    }
  }

  #reported(live: Runnable, report: CallReport, after: (() => Promise<void>)[]): void {
    const { clock, circuit, budgets, log } = this.#options;
    const { failure } = report;
    log.debug(
      {
        connection: live.id,
        host: report.host,
        method: report.method,
        path: report.path,
        status: report.status,
        ms: report.ms,
        failure: failure?.code,
      },
      'a platform was called',
    );
    if (failure !== undefined && Object.values<string>(OWN_REFUSALS).includes(failure.message)) return;
    circuit.report(live.id, failure, clock.now());
    const wait = heldFor(failure);
    if (wait !== null) after.push(() => budgets.hold(live.id, clock.now() + wait));
  }

  async #knowStores(live: LiveConnection): Promise<void> {
    const { stores } = this.#options;
    const ids = [...Object.values(live.settings.locations), ...(live.storeId === null ? [] : [live.storeId])];
    const unknown = ids.filter((id) => stores.terms(id) === undefined);
    if (unknown.length > 0) await stores.refresh(unknown);
  }

  /** Of the connection itself under the empty name, and of each location that its settings name. */
  #storesOf(live: LiveConnection): Record<string, ConnectedStore> {
    const known = ['', ...Object.keys(live.settings.locations)].flatMap((location) => {
      const id = storeIdOf(live, location === '' ? undefined : location);
      const terms = id === null ? undefined : this.#options.stores.terms(id);
      return terms === undefined ? [] : [[location, { storeId: terms.id, currency: terms.currency, zone: terms.timeZone }] as const];
    });
    return Object.fromEntries(known);
  }
}

/** Which store a location of the platform is. A connection without any location set is its own store throughout. */
export function storeIdOf(live: Pick<LiveConnection, 'settings' | 'storeId'>, location?: string): string | null {
  const { locations } = live.settings;
  if (location === undefined) return live.storeId;
  if (Object.hasOwn(locations, location)) return locations[location] ?? null;
  return Object.keys(locations).length === 0 ? live.storeId : null;
}

function heldFor(failure: Failure | undefined): number | null {
  if (failure?.wait === undefined) return null;
  return failure.code === 'RATE_LIMITED' || failure.code === 'QUOTA_SPENT' ? durationMs(failure.wait) : null;
}
