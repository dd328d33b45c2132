import type { Failure, Job, Outcome, Plain } from '@valehub/connector-kit';
import { alertSchema, messageSchema } from '@valehub/connector-kit/host';
import type { Logger } from 'pino';
import type { Clock } from '../../domain/shared/clock.ts';
import { canonicalJson } from '../../domain/shared/canonical.ts';
import type { Attention } from '../connections/attention.ts';
import type { ConnectionBook } from '../connections/connection-book.ts';
import type { ConnectorRegistry } from '../registry/registry.ts';
import type { CircuitBreaker } from '../runner/circuit.ts';
import type { ConnectorRunner, Runnable } from '../runner/connector-runner.ts';
import type { WorkerIdentity } from '../runner/worker-identity.ts';
import { WorkLoop } from '../runner/work-loop.ts';
import { jobKey } from './job-key.ts';
import type { ClaimedJob, OutboxStore, Settled } from './outbox-store.ts';
import { type Attempt, ORPHANED, settleFailure, type Settlement } from './settlement.rules.ts';
import { type AnyVerb, findVerb, repeatNow, verbsOf } from './verbs.ts';

/** Jobs of one verb on one connection that go out together, and who claimed them. */
interface Chunk {
  readonly owner: number;
  readonly jobs: readonly [ClaimedJob, ...ClaimedJob[]];
}

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
      name: 'outbox', concurrency: CONCURRENCY, pollMs: options.pollMs, log: options.log,
      claim: (room) => this.#claim(room),
      work: (chunk) => this.#work(chunk),
      giveBack: ({ owner, jobs }) => this.#settleLost(jobs.map((job) => ({ ...job, owner }))),
    });
  }

  async #claim(room: number): Promise<readonly Chunk[]> {
    const { store, registry, circuit, identity, clock } = this.#options;
    const { owner } = identity;
    if (owner === null) return [];
    await this.#settleLost(await store.orphans());
    const now = new Date(clock.now());
    const busy = [...this.#underWay].filter(([, count]) => count >= PER_CONNECTION).map(([id]) => id);
    const serial = registry.all().flatMap(({ connector }) => verbsOf(connector).filter(({ verb }) => verb.oneAtATime !== undefined).map(({ name }) => `${connector.id} ${name}`));
    const claimed = await store.claim({ owner, now, room, busy: [...busy, ...circuit.open(clock.now())], serial });
    const chunks: Chunk[] = [];
    const alone = new Set<string>();
    for (const jobs of grouped(claimed)) {
      const verb = await this.#verbOf(jobs[0]);
      const max = verb?.batch?.max ?? 1;
      const place = `${jobs[0].connectionId} ${jobs[0].verb}`;
      const more = max > jobs.length && jobs[0].state === null ? await store.claimMore(owner, now, jobs[0], max - jobs.length) : [];
      for (const part of cut([...jobs, ...more], max)) {
        if (verb?.oneAtATime !== undefined && alone.has(place)) await store.release(owner, part.map((job) => job.id), now);
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

  async #dispatch({ owner, jobs }: Chunk): Promise<void> {
    const { book, runner } = this.#options;
    const [first] = jobs;
    const live = await book.get(first.connectionId);
    if (live === undefined || live.connector === null) {
      return this.#settle(owner, jobs, jobs.map((job) => failed(job, { code: 'NOT_SUPPORTED', message: `The connector ${live?.connectorId ?? ''} is not installed, or was refused.` })));
    }
    const runnable: Runnable = { ...live, connector: live.connector };
    const verb = findVerb(runnable.connector, first.verb);
    if (verb === undefined) {
      return this.#settle(owner, jobs, jobs.map((job) => failed(job, { code: 'NOT_SUPPORTED', message: `The connector ${live.connectorId} has no ${first.verb}.` })));
    }
    const outcomes: Outcome<Plain>[] = [];
    const ready: Job<Plain>[] = [];
    for (const job of jobs) {
      const faults = inputFaults(runnable, job);
      if (faults === null) ready.push({ id: job.id, key: jobKey(job.key, verb), input: job.input, ...(job.location === null ? {} : { location: job.location }) });
      else outcomes.push(failed(job, faults));
    }
    const toRun = await this.#askFirst(runnable, verb, jobs, ready, outcomes);
    let goOn: { readonly state: Plain; readonly atMs: number } | null = null;
    if (toRun.length > 0) {
      const step = await runner.run(runnable, first.verb, verb, toRun, first.state);
      outcomes.push(...(step.outcomes ?? []));
      if ('goOn' in step) goOn = { state: step.goOn, atMs: step.at === undefined ? this.#options.clock.now() : Date.parse(step.at) };
    }
    return this.#settle(owner, jobs, outcomes, verb, goOn);
  }

  /** Jobs in doubt whose verb can ask the platform are asked for; gives what is still to be done. */
  async #askFirst(live: Runnable, verb: AnyVerb, jobs: readonly ClaimedJob[], ready: readonly Job<Plain>[], outcomes: Outcome<Plain>[]): Promise<readonly Job<Plain>[]> {
    const nowMs = this.#options.clock.now();
    const doubtful = new Set(jobs.filter((job) => job.inDoubt && job.state === null && repeatNow(verb.repeat, nowMs - job.createdAt.getTime()) === 'find').map((job) => job.id));
    const asked = ready.filter((job) => doubtful.has(job.id));
    if (asked.length === 0) return ready;
    const found = await this.#options.runner.find(live, jobs[0]?.verb ?? '', verb, asked);
    outcomes.push(...found.filter((outcome) => !('absent' in outcome)));
    const absent = new Set(found.filter((outcome) => 'absent' in outcome).map((outcome) => outcome.job));
    return ready.filter((job) => !doubtful.has(job.id) || absent.has(job.id));
  }

  async #settle(owner: number, jobs: readonly ClaimedJob[], outcomes: readonly Outcome<Plain>[], verb?: AnyVerb, goOn: { state: Plain; atMs: number } | null = null): Promise<void> {
    const { store, clock } = this.#options;
    const settled: Settled[] = [];
    const told: Failure[] = [];
    for (const job of jobs) {
      const outcome = outcomes.find((candidate) => candidate.job === job.id);
      if (outcome !== undefined && 'done' in outcome) settled.push({ ...kept(job), status: 'DONE', nextAtMs: clock.now(), inDoubt: false, outcome: outcome.done, failure: null, state: null });
      else if (outcome === undefined && goOn !== null) settled.push({ ...kept(job), status: 'PENDING', nextAtMs: goOn.atMs, inDoubt: job.inDoubt, outcome: null, failure: null, state: goOn.state });
      else {
        const failure = outcome !== undefined && 'failed' in outcome ? outcome.failed : NO_OUTCOME;
        const settlement = settleFailure(failure, this.#attempt(job, verb));
        if (settlement.told) told.push(failure);
        settled.push(failedRow(job, settlement, failure));
      }
    }
    await this.#tell(jobs, settled, told);
    await store.settle(owner, settled, new Date(clock.now()));
  }

  /** Jobs of which nobody knows how their call ended. */
  async #settleLost(lost: readonly (ClaimedJob & { readonly owner: number })[]): Promise<void> {
    const { store, book, clock, attention } = this.#options;
    for (const job of lost) {
      const live = await book.get(job.connectionId);
      const verb = live?.connector ? findVerb(live.connector, job.verb) : undefined;
      const settlement = settleFailure(ORPHANED, this.#attempt(job, verb));
      await store.settle(job.owner, [failedRow(job, settlement, ORPHANED)], new Date(clock.now()), true);
      if (settlement.told) await attention.tell(job.connectionId, toldText(job.verb, ORPHANED));
    }
  }

  /** The person hears of it before the job counts as settled: a crash in between says it twice, never not at all. */
  async #tell(jobs: readonly ClaimedJob[], settled: readonly Settled[], told: readonly Failure[]): Promise<void> {
    const { attention, log, onSettled } = this.#options;
    const [first] = jobs;
    const [failure] = told;
    if (first !== undefined && failure !== undefined) await attention.tell(first.connectionId, toldText(first.verb, failure));
    for (const row of settled) {
      onSettled?.(first?.verb ?? '', row.status);
      if (row.failure !== null) log.info({ job: row.id, connection: first?.connectionId, verb: first?.verb, status: row.status, attempts: row.attempts, code: row.failure.code, reason: row.failure.message }, 'a job was not done');
    }
  }

  #attempt(job: ClaimedJob, verb: AnyVerb | undefined): Attempt {
    const nowMs = this.#options.clock.now();
    return {
      attempts: job.attempts, inDoubt: job.inDoubt, nowMs, chance: this.#options.chance(),
      repeat: verb === undefined ? 'never' : repeatNow(verb.repeat, nowMs - job.createdAt.getTime()),
    };
  }

  async #verbOf(job: ClaimedJob): Promise<AnyVerb | undefined> {
    const live = await this.#options.book.get(job.connectionId);
    return live?.connector ? findVerb(live.connector, job.verb) : undefined;
  }

  #count({ jobs: [{ connectionId }] }: Chunk, by: 1 | -1): void {
    const count = (this.#underWay.get(connectionId) ?? 0) + by;
    if (count === 0) this.#underWay.delete(connectionId);
    else this.#underWay.set(connectionId, count);
  }
}

const NO_OUTCOME: Failure = { code: 'BAD_REPLY', message: 'The connector gave no outcome.', unknown: true };

const failed = (job: ClaimedJob, failure: Failure): Outcome<Plain> => ({ job: job.id, failed: failure });
const kept = (job: ClaimedJob): Pick<Settled, 'id' | 'attempts'> => ({ id: job.id, attempts: job.attempts });
const toldText = (verb: string, failure: Failure): string => `${verb}: ${failure.code}. ${failure.message}`;

function failedRow(job: ClaimedJob, settlement: Settlement, failure: Failure): Settled {
  const { told: _told, ...rest } = settlement;
  return { id: job.id, ...rest, outcome: null, failure, state: settlement.status === 'PENDING' ? job.state : null };
}

/** Null = the input is as the verb wants it. */
function inputFaults(live: Runnable, job: ClaimedJob): Failure | null {
  const action = job.verb.startsWith('actions.') ? live.connector.actions?.[job.verb.slice('actions.'.length)] : undefined;
  const schema = job.verb === 'messages.send' ? messageSchema : job.verb === 'alerts.send' ? alertSchema : action?.input;
  const [issue] = schema?.safeParse(job.input).error?.issues ?? [];
  return issue === undefined ? null : { code: 'BAD_INPUT', message: issue.message, path: issue.path.map(String).join('.') };
}

/** Jobs that may go out in one call: same connection, verb, location and state to go on from. */
function grouped(jobs: readonly ClaimedJob[]): readonly [ClaimedJob, ...ClaimedJob[]][] {
  const groups = new Map<string, [ClaimedJob, ...ClaimedJob[]]>();
  for (const job of jobs) {
    const key = canonicalJson([job.connectionId, job.verb, job.location, job.state]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [job]);
    else group.push(job);
  }
  return [...groups.values()];
}

function cut(jobs: readonly ClaimedJob[], max: number): readonly [ClaimedJob, ...ClaimedJob[]][] {
  const parts: [ClaimedJob, ...ClaimedJob[]][] = [];
  for (let from = 0; from < jobs.length; from += max) {
    const [first, ...others] = jobs.slice(from, from + max);
    if (first !== undefined) parts.push([first, ...others]);
  }
  return parts;
}
