import type { Failure, Job, Outcome, Plain } from '@valehub/connector-kit';
import { type AnyVerb, findVerb, verbsOf } from '@valehub/connector-kit/host';
import type { Logger } from 'pino';
import type { Clock } from '../../domain/shared/clock.ts';
import type { Attention } from '../connections/attention.ts';
import type { ConnectionBook } from '../connections/connection-book.ts';
import { DISCONNECTED } from '../connections/disconnection.ts';
import type { ConnectorRegistry } from '../registry/registry.ts';
import type { CircuitBreaker } from '../runner/circuit.ts';
import type { ConnectorRunner, Runnable } from '../runner/connector-runner.ts';
import { failureText } from '../runner/failure-text.ts';
import { WorkLoop } from '../runner/work-loop.ts';
import type { WorkerIdentity } from '../runner/worker-identity.ts';
import { type Chunk, cut, grouped } from './chunks.ts';
import { jobFor } from './job-for.ts';
import type { ClaimedJob, OutboxStore } from './outbox-store.ts';
import { failureVerdict, type GoOn, type Verdict, verdictOn } from './settled-rows.ts';
import { type Attempt, ORPHANED } from './settlement.rules.ts';
import { inputFaults, repeatNow } from './verbs.ts';

export interface DispatcherOptions {
  readonly store: OutboxStore;
  readonly book: ConnectionBook;
  readonly registry: ConnectorRegistry;
  readonly runner: ConnectorRunner;
  readonly circuit: CircuitBreaker;
  readonly attention: Attention;
  readonly identity: WorkerIdentity;
  readonly clock: Clock;
  readonly log: Logger;
  readonly pollMs: number;
  /** 0 to 1; spreads retries. */
  readonly chance: () => number;
  readonly onSettled?: (verb: string, status: string) => void;
}

const CONCURRENCY = 16;
const PER_CONNECTION = 4;

/** Takes jobs out of the outbox and does them at the platforms, each once as far as the platform lets it be known. */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #underWay = new Map<string, number>();
  readonly loop: WorkLoop<Chunk>;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.loop = new WorkLoop({
      name: 'outbox',
      concurrency: CONCURRENCY,
      pollMs: options.pollMs,
      log: options.log,
      sweep: async () => this.#settleLost(await options.store.orphans()),
      claim: (room) => this.#claim(room),
      work: (chunk) => this.#work(chunk),
      giveBack: ({ owner, jobs }) => this.#settleLost(jobs.map((job) => ({ ...job, owner }))),
    });
  }

  async #claim(room: number): Promise<readonly Chunk[]> {
    const { store, registry, circuit, identity, clock } = this.#options;
    const { owner } = identity;
    if (owner === null) return [];
    const now = new Date(clock.now());
    const busy = [...this.#underWay].filter(([, count]) => count >= PER_CONNECTION).map(([id]) => id);
    const serial = registry.all().flatMap(({ connector }) =>
      verbsOf(connector)
        .filter(({ verb }) => verb.oneAtATime !== undefined)
        .map(({ name }) => `${connector.id} ${name}`),
    );
    // The oldest may all be one connection's, which must not get more than it may have.
    const free = [...this.#underWay.values()].map((count) => PER_CONNECTION - count).filter((left) => left > 0);
    const most = Math.min(room, PER_CONNECTION, ...free);
    const claimed = await store.claim({ owner, now, room: most, busy: [...busy, ...circuit.open(clock.now())], serial });
    const chunks: Chunk[] = [];
    const alone = new Set<string>();
    for (const jobs of grouped(claimed)) {
      const verb = await this.#verbOf(jobs[0]);
      const max = verb?.batch?.max ?? 1;
      const place = `${jobs[0].connectionId} ${jobs[0].verb}`;
      const more = max > jobs.length && jobs[0].state === null ? await store.claimMore(owner, now, jobs[0], max - jobs.length) : [];
      for (const part of cut([...jobs, ...more], max)) {
        const isSecond = verb?.oneAtATime !== undefined && alone.has(place);
        const ids = part.map((job) => job.id);
        if (isSecond) await store.release(owner, ids, now);
        else chunks.push({ owner, jobs: part });
        alone.add(place);
      }
    }
    for (const chunk of chunks) this.#count(chunk, 1);
    return chunks;
  }

  async #work(chunk: Chunk): Promise<void> {
    try {
      await this.#dispatch(chunk);
    } finally {
      this.#count(chunk, -1);
    }
  }

  async #dispatch(chunk: Chunk): Promise<void> {
    const { book, runner } = this.#options;
    const { jobs } = chunk;
    const [first] = jobs;
    const live = await book.get(first.connectionId);
    if (live?.status === 'DISCONNECTED')
      return this.#settle(
        chunk,
        jobs.map((job) => failed(job, DISCONNECTED)),
      );
    const verb = live?.connector ? findVerb(live.connector, first.verb)?.verb : undefined;
    if (!live?.connector || verb === undefined) {
      const message = live?.connector
        ? `The connector has no ${first.verb}.`
        : `The connector ${live?.connectorId ?? ''} is not installed, or was refused.`;
      return this.#settle(
        chunk,
        jobs.map((job) => failed(job, { code: 'NOT_SUPPORTED', message })),
      );
    }
    const runnable: Runnable = { ...live, connector: live.connector };
    const outcomes: Outcome<Plain>[] = [];
    const ready: Job<Plain>[] = [];
    for (const job of jobs) {
      const faults = inputFaults(runnable.connector, job.verb, job.input);
      if (faults === null) ready.push(jobFor(job, verb));
      else outcomes.push(failed(job, faults));
    }
    const toRun = await this.#askFirst(runnable, verb, jobs, ready, outcomes);
    let goOn: GoOn | null = null;
    if (toRun.length > 0) {
      const step = await runner.run(runnable, first.verb, toRun, first.state);
      outcomes.push(...(step.outcomes ?? []));
      if ('goOn' in step) goOn = { state: step.goOn, atMs: step.at === undefined ? this.#options.clock.now() : Date.parse(step.at) };
    }
    return this.#settle(chunk, outcomes, verb, goOn);
  }

  /** Jobs in doubt whose verb can ask the platform are asked for; gives what is still to be done. */
  async #askFirst(
    live: Runnable,
    verb: AnyVerb,
    jobs: readonly ClaimedJob[],
    ready: readonly Job<Plain>[],
    outcomes: Outcome<Plain>[],
  ): Promise<readonly Job<Plain>[]> {
    const nowMs = this.#options.clock.now();
    const doubtful = new Set(
      jobs
        .filter((job) => job.inDoubt && job.state === null && repeatNow(verb.repeat, nowMs - job.createdAt.getTime()) === 'find')
        .map((job) => job.id),
    );
    const asked = ready.filter((job) => doubtful.has(job.id));
    if (asked.length === 0) return ready;
    const found = await this.#options.runner.find(live, jobs[0]?.verb ?? '', asked);
    outcomes.push(...found.filter((outcome) => !('absent' in outcome)));
    const absent = new Set(found.filter((outcome) => 'absent' in outcome).map((outcome) => outcome.job));
    return ready.filter((job) => !doubtful.has(job.id) || absent.has(job.id));
  }

  async #settle({ owner, jobs }: Chunk, outcomes: readonly Outcome<Plain>[], verb?: AnyVerb, goOn: GoOn | null = null): Promise<void> {
    const { store, clock } = this.#options;
    const byJob = new Map(outcomes.map((outcome) => [outcome.job, outcome]));
    const verdicts = jobs.map((job) => verdictOn(job, byJob.get(job.id), goOn, this.#attempt(job, verb)));
    await this.#tell(jobs[0], verdicts);
    const rows = verdicts.map(({ row }) => row);
    await store.settle(owner, rows, new Date(clock.now()));
  }

  /** Jobs of which nobody knows how their call ended. */
  async #settleLost(lost: readonly (ClaimedJob & { readonly owner: number })[]): Promise<void> {
    const { store, book, clock } = this.#options;
    for (const job of lost) {
      const live = await book.get(job.connectionId);
      const verb = live?.connector ? findVerb(live.connector, job.verb)?.verb : undefined;
      const verdict = failureVerdict(job, ORPHANED, this.#attempt(job, verb));
      await this.#tell(job, [verdict]);
      await store.settle(job.owner, [verdict.row], new Date(clock.now()), true);
    }
  }

  /** The person hears of it before the job counts as settled: a crash in between says it twice, never not at all. */
  async #tell(first: ClaimedJob, verdicts: readonly Verdict[]): Promise<void> {
    const { attention, log, onSettled } = this.#options;
    const { connectionId, verb } = first;
    const failure = verdicts.find(({ told }) => told !== null)?.told;
    if (failure) await attention.tell(connectionId, `${verb}: ${failureText(failure)}`);
    for (const { row } of verdicts) {
      onSettled?.(verb, row.status);
      if (row.failure === null) continue;
      const { id: job, status, attempts } = row;
      log.info(
        { job, connection: connectionId, verb, status, attempts, code: row.failure.code, reason: row.failure.message },
        'a job was not done',
      );
    }
  }

  #attempt(job: ClaimedJob, verb: AnyVerb | undefined): Attempt {
    const nowMs = this.#options.clock.now();
    return {
      attempts: job.attempts,
      inDoubt: job.inDoubt,
      nowMs,
      chance: this.#options.chance(),
      repeat: verb === undefined ? 'never' : repeatNow(verb.repeat, nowMs - job.createdAt.getTime()),
    };
  }

  async #verbOf(job: ClaimedJob): Promise<AnyVerb | undefined> {
    const live = await this.#options.book.get(job.connectionId);
    return live?.connector ? findVerb(live.connector, job.verb)?.verb : undefined;
  }

  #count({ jobs: [{ connectionId }] }: Chunk, by: 1 | -1): void {
    const count = (this.#underWay.get(connectionId) ?? 0) + by;
    if (count === 0) this.#underWay.delete(connectionId);
    else this.#underWay.set(connectionId, count);
  }
}

const failed = (job: ClaimedJob, failure: Failure): Outcome<Plain> => ({ job: job.id, failed: failure });
