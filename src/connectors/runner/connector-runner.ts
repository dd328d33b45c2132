import { setTimeout as pause } from 'node:timers/promises';
import {
  CallError,
  type ConnectedStore,
  type Connector,
  type Delivery,
  durationMs,
  durationOf,
  type Fact,
  type Failure,
  type Identity,
  type Job,
  type Notice,
  type Outcome,
  type Plain,
  type Resource,
  type Step,
} from '@valehub/connector-kit';
import {
  type CallReport,
  createCtx,
  type Ran,
  runFetch,
  runIdentify,
  runRead,
  runSplit,
  runVerb,
  type Transport,
} from '@valehub/connector-kit/host';
import type { Logger } from 'pino';
import type { Clock } from '../../domain/shared/clock.ts';
import type { StoreTerms } from '../../domain/store/store.types.ts';
import type { LiveConnection } from '../connections/connection-book.ts';
import type { AnyVerb } from '../outbox/verbs.ts';
import type { CallBudgets } from './budget.ts';
import { callPlugin } from './call-plugin.ts';
import type { CircuitBreaker } from './circuit.ts';

/** What the runner needs of the stores. */
export interface StoreSource {
  terms(id: string): StoreTerms | undefined;
  refresh(ids?: readonly string[]): Promise<void>;
}

export interface RunnerOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly stores: StoreSource;
  readonly transport: Transport;
  readonly budgets: CallBudgets;
  readonly circuit: CircuitBreaker;
  readonly deadlines?: Partial<Deadlines>;
}

/** In ms. `request`: one call to the platform; the others: one function of a plugin, all its calls together. */
export interface Deadlines {
  readonly request: number;
  readonly identify: number;
  readonly split: number;
  readonly read: number;
  readonly verb: number;
  /** How long a call may wait for its limit before its work is put back. */
  readonly patience: number;
}

const DEADLINES: Deadlines = { request: 10_000, identify: 15_000, split: 5_000, read: 45_000, verb: 60_000, patience: 2_000 };

/** The hub's own refusals to call, which say nothing about the platform. */
const OWN_REFUSALS = {
  LIMIT: 'A limit of the platform is reached; the call waits.',
  CIRCUIT: 'The platform has been failing and is left alone for a while.',
} as const;

/** A connection whose connector is there. */
export type Runnable = LiveConnection & { readonly connector: Connector };

/** Calls plugins on behalf of connections: with their context, limits and deadlines. Never throws for what a plugin does. */
export class ConnectorRunner {
  readonly #options: RunnerOptions;
  readonly #deadlines: Deadlines;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#deadlines = { ...DEADLINES, ...options.deadlines };
  }

  identify(live: Runnable): Promise<Ran<Identity>> {
    return this.#call(live, 'identify', this.#deadlines.identify, false, {}, (ctx) => runIdentify(live.connector, ctx));
  }

  split(live: Runnable, delivery: Delivery): Promise<Ran<readonly Notice[]>> {
    return this.#call(live, 'webhooks.split', this.#deadlines.split, false, {}, () => runSplit(live.connector, delivery));
  }

  read(live: Runnable, notice: Notice): Promise<Ran<readonly Fact[]>> {
    return this.#call(live, 'webhooks.read', this.#deadlines.read, false, notice, (ctx) => runRead(live.connector, ctx, notice));
  }

  fetch(live: Runnable, resource: Resource, ids: readonly string[], location?: string): Promise<Ran<readonly Fact[]>> {
    return this.#call(live, `fetch.${resource}`, this.#deadlines.read, false, { location }, (ctx) =>
      runFetch(live.connector, ctx, resource, ids),
    );
  }

  /** Every job has an outcome, or the verb goes on. */
  async run(live: Runnable, name: string, verb: AnyVerb, jobs: readonly Job<Plain>[], state: Plain): Promise<Step<Plain, Plain>> {
    const location = jobs[0]?.location;
    const ran = await this.#call(live, name, this.#deadlines.verb, true, { location }, async (ctx) => ({
      ok: true,
      value: await runVerb(verb, ctx, jobs, state ?? undefined),
    }));
    return ran.ok ? ran.value : { outcomes: jobs.map((job) => ({ job: job.id, failed: ran.failure })) };
  }

  /** Asks the platform for what an earlier attempt may have done. */
  async find(live: Runnable, name: string, verb: AnyVerb, jobs: readonly Job<Plain>[]): Promise<readonly Outcome<Plain>[]> {
    const { repeat } = verb;
    const find = typeof repeat === 'object' ? repeat.find : undefined;
    if (find === undefined) throw new Error(`The verb ${name} has no way to ask.`);
    const asked: AnyVerb = { repeat: 'safe', run: async (ctx, some) => ({ outcomes: await find(ctx, some) }) };
    const step = await this.run(live, `${name}.find`, asked, jobs, null);
    return 'outcomes' in step ? (step.outcomes ?? []) : [];
  }

  async #call<T>(
    live: Runnable,
    part: string,
    deadlineMs: number,
    acts: boolean,
    at: { readonly location?: string | undefined },
    run: (ctx: ReturnType<typeof createCtx>) => Promise<Ran<T>>,
  ): Promise<Ran<T>> {
    const { log } = this.#options;
    await this.#knowStores(live);
    const after: (() => Promise<void>)[] = [];
    const called = await callPlugin({ connectorId: live.connectorId, part, deadlineMs, log, acts }, (signal) =>
      run(this.#context(live, signal, at.location, after)),
    );
    for (const settle of after) await settle();
    if ('failed' in called) return { ok: false, failure: called.failed };
    return called.value;
  }

  #context(
    live: Runnable,
    signal: AbortSignal,
    location: string | undefined,
    after: (() => Promise<void>)[],
  ): ReturnType<typeof createCtx> {
    const { clock, transport, budgets } = this.#options;
    return createCtx({
      connector: live.connector,
      settings: live.settings,
      secrets: live.secrets,
      ...(live.account === null ? {} : { account: live.account }),
      facts: live.facts,
      store: (of) => this.#storeOf(live, of),
      transport,
      now: () => clock.now(),
      signal,
      deadlineMs: this.#deadlines.request,
      gate: ({ cost, target }) =>
        this.#gate(
          live,
          { cost, ...(target === undefined ? {} : { target }), ...(location === undefined ? {} : { location }) },
          signal,
          after,
        ),
      onPace: (paces) => after.push(() => budgets.adjust({ connectionId: live.id, limits: live.connector.limits }, paces, clock.now())),
      onCall: (report) => this.#reported(live, report, after),
    });
  }

  /** Lets a call pass when the platform's limits have room, soon; else its work is put back. */
  async #gate(
    live: Runnable,
    use: { cost: number; target?: string; location?: string },
    signal: AbortSignal,
    after: (() => Promise<void>)[],
  ): Promise<void> {
    const { clock, circuit, budgets } = this.#options;
    const openUntil = circuit.openUntil(live.id, clock.now());
    if (openUntil !== null)
      throw new CallError({ code: 'RATE_LIMITED', message: OWN_REFUSALS.CIRCUIT, wait: durationOf(openUntil - clock.now()) });
    for (let waited = 0; ; ) {
      const taken = await budgets.take({ connectionId: live.id, limits: live.connector.limits, ...use }, clock.now());
      if (taken.ok) {
        after.push(taken.release);
        return;
      }
      waited += taken.waitMs;
      if (waited > this.#deadlines.patience)
        throw new CallError({ code: 'RATE_LIMITED', message: OWN_REFUSALS.LIMIT, wait: durationOf(taken.waitMs) });
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

  #storeOf(live: LiveConnection, location?: string): ConnectedStore | undefined {
    const id = storeIdOf(live, location);
    const terms = id === null ? undefined : this.#options.stores.terms(id);
    return terms === undefined ? undefined : { storeId: terms.id, currency: terms.currency, zone: terms.timeZone };
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
