import type pg from 'pg';
import type { Logger } from 'pino';
import type { Pipeline } from '../../database/pipeline.ts';
import { loadSql } from '../../database/sql.ts';
import { inSnapshot, tryTransaction } from '../../database/transaction.ts';
import { HubError } from '../shared/errors.ts';
import type { ReasonCode } from '../shared/reasons.ts';
import { type LockedBatch, lockBatch, lockCounters, refusePhantoms } from './batch-locks.ts';
import { BatchRows } from './batch-rows.ts';
import { Batcher } from './batcher.ts';
import { writeCards } from './card-writer.ts';
import { FullCounters } from './full-counters.ts';
import { writeHolds } from './hold-rows.ts';
import { type JudgeMeans, judge, tellsOfHolds } from './judge.ts';
import type { Prepared } from './prepared.ts';
import { type FreeProspect, inOrderOf, isFirst, outlookOf, type Prospect, prospectOf, splitTwins } from './prospect.ts';
import { recordHeld } from './record-held.ts';
import { recordRedeemed } from './record-redeemed.ts';
import { recordRefused } from './record-refused.ts';
import type { Recorder } from './recorder.ts';
import type { HoldAnswer, RedeemAnswer } from './redemption.types.ts';
import { recordKeyReused, replay } from './replay.ts';
import { DecisionState, idempotencyKey, type StoredKey } from './state.ts';
import { placesOf, readState } from './state-reader.ts';
import { decideUntilKnown } from './until-known.ts';

export type CheckoutAnswer = RedeemAnswer | HoldAnswer;

const WRITE_BATCH = loadSql('write-batch');
const BATCH = 64;
/** PostgreSQL begins with the second as it ends the first, while the answers of the first are worked on here. */
const AT_ONCE = 2;
/** After a conflict others are likely: for this long batches lock and read before they write. */
const CAUTION_MS = 250;
const MAX_TRIES = 12;
/** Raised by write-batch, a twin of a key, a serialisation failure, a deadlock: all are settled by looking again. */
const CONFLICTS = new Set(['VH001', '23505', '40001', '40P01']);

export interface EngineMeans extends JudgeMeans {
  readonly pool: pg.Pool;
  /** For batches that are written before anything is read. */
  readonly pipeline: Pipeline;
  readonly log: Logger;
  /** Brings the snapshots of stores and of these campaigns up to date; null = of all. */
  refreshTerms(campaignIds: readonly string[] | null): Promise<void>;
  /** Ends holds whose time is over, so that what they set aside is free. */
  expireHolds(): Promise<void>;
  /** Called after a commit that wrote to the ledger. */
  written(): void;
}

/**
 * Decides redeems and holds and writes them, each exactly once. A batch is written straight away as if all were free;
 * where the database says otherwise its rows are locked, read, decided in order of arrival and written.
 */
export class RedemptionEngine {
  readonly #means: EngineMeans;
  readonly #batcher: Batcher<Prospect, CheckoutAnswer>;
  readonly #full: FullCounters;
  #cautiousUntil = 0;

  constructor(means: EngineMeans) {
    this.#means = means;
    this.#full = new FullCounters();
    this.#batcher = new Batcher((items) => this.#run(items), BATCH, AT_ONCE);
  }

  /** Reckons at once, while another batch is away, what memory alone tells. */
  submit(prepared: Prepared): Promise<CheckoutAnswer> {
    return this.#batcher.submit(prospectOf(prepared, this.#means, this.#full));
  }

  async #run(prospects: readonly Prospect[]): Promise<readonly CheckoutAnswer[]> {
    const answers = new Map<Prepared, CheckoutAnswer>();
    const { firsts, twins } = splitTwins(prospects);
    const free: FreeProspect[] = [];
    const suspect: Prepared[] = [];
    const exact: Prepared[] = [];
    const cautious = performance.now() < this.#cautiousUntil;
    for (const prospect of firsts) {
      if (prospect.chance === 'suspect') suspect.push(prospect.item);
      else if (prospect.chance === 'free' && !cautious) free.push(prospect);
      else exact.push(prospect.item);
    }
    if (free.length > 0) exact.push(...(await this.#writeFirst(free, answers)));
    if (suspect.length > 0) exact.push(...(await this.#refuse(suspect, answers)));
    if (exact.length > 0) await this.#settle(inOrderOf(prospects, exact), answers);
    for (const twin of twins) answers.set(twin, await this.#answerAgain(twin));
    return prospects.map(({ item }) => answers.get(item) as CheckoutAnswer);
  }

  /** The optimistic way: returns what it did not do. */
  async #writeFirst(prospects: readonly FreeProspect[], answers: Map<Prepared, CheckoutAnswer>): Promise<Prepared[]> {
    const recorder = this.#recorder(new DecisionState());
    const done = new Map<Prepared, CheckoutAnswer>();
    const rest: Prepared[] = [];
    for (const { item, verdict, texts } of prospects) {
      if (isFirst(item, verdict, recorder)) done.set(item, recordRedeemed(item, verdict, recorder, texts));
      else rest.push(item);
    }
    if (done.size === 0) return rest;
    try {
      await this.#means.pipeline.query(writing(recorder));
    } catch (error) {
      const items = prospects.map(({ item }) => item);
      await this.#onConflict(error, items);
      return items;
    }
    this.#means.written();
    for (const [item, answer] of done) answers.set(item, answer);
    return rest;
  }

  /** Settles without locks what is refused, all of it as it was at one moment; returns what could succeed. */
  #refuse(items: readonly Prepared[], answers: Map<Prepared, CheckoutAnswer>): Promise<Prepared[]> {
    return this.#untilItHolds(items, async () => {
      const { done, rest, recorder } = await inSnapshot(this.#means.pool, (client) => this.#decide(client, items, false));
      if (!recorder.rows.empty) {
        await this.#means.pipeline.query(writing(recorder));
        this.#means.written();
      }
      for (const [item, answer] of done) answers.set(item, answer);
      return rest;
    });
  }

  /** Reads under locks, decides in order of arrival, writes. */
  #settle(items: readonly Prepared[], answers: Map<Prepared, CheckoutAnswer>): Promise<void> {
    return this.#untilItHolds(items, async () => {
      const { done, recorder } = await tryTransaction(this.#means.pool, async (client) => {
        const outcome = await this.#decide(client, items, true);
        if (outcome.recorder.rows.empty) return outcome;
        await client.query(writing(outcome.recorder));
        await writeHolds(client, outcome.recorder);
        await writeCards(client, outcome.recorder.cards);
        return outcome;
      });
      if (!recorder.rows.empty) this.#means.written();
      for (const [item, answer] of done) answers.set(item, answer);
    });
  }

  /** Looks again where others were quicker. */
  async #untilItHolds<T>(items: readonly Prepared[], look: () => Promise<T>): Promise<T> {
    await this.#means.expireHolds();
    for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
      try {
        return await look();
      } catch (error) {
        await this.#onConflict(error, items);
      }
    }
    throw new HubError(
      'UNAVAILABLE',
      'Too many others want the same vouchers at this moment. Send the same request with the same key again.',
    );
  }

  /** Under locks, or in a snapshot: only what is under lock can succeed. */
  async #decide(client: pg.PoolClient, items: readonly Prepared[], lock: boolean) {
    // Before anybody has to wait for what is locked.
    const outlook = outlookOf(items, this.#means);
    const locked = lock ? await lockBatch(client, items) : null;
    const outcome = await decideUntilKnown({
      run: client,
      means: this.#means,
      outlook,
      alsoAsked: locked?.holds.flatMap(({ content }) => content.counters.map(({ key }) => key)) ?? [],
      read: (counterKeys) => this.#read(client, items, locked, counterKeys),
      decide: (base) => this.#decideAll(items, base, lock),
    });
    for (const [item, stored] of outcome.stored) outcome.done.set(item, await replay(client, item, stored));
    return outcome;
  }

  async #read(client: pg.PoolClient, items: readonly Prepared[], locked: LockedBatch | null, counterKeys: readonly string[]) {
    if (locked === null) return readState(client, items, placesOf(items, []), counterKeys);
    await lockCounters(client, counterKeys);
    const state = await readState(client, items, locked.places, counterKeys);
    refusePhantoms(state, items, locked);
    return state;
  }

  #decideAll(items: readonly Prepared[], base: DecisionState, lock: boolean) {
    const recorder = this.#recorder(base.copy());
    const done = new Map<Prepared, CheckoutAnswer>();
    const stored = new Map<Prepared, StoredKey>();
    const rest: Prepared[] = [];
    let tells = false;
    for (const item of items) {
      const known = recorder.state.keys.get(idempotencyKey(item.scope, item.key));
      if (known) {
        if (known.inputHash === item.inputHash) stored.set(item, known);
        else done.set(item, recordKeyReused(item, recorder.rows));
        continue;
      }
      const verdict = judge(item, recorder.state, this.#means);
      if (verdict.rejections.length > 0) {
        tells ||= verdict.rejections.some(tellsOfHolds);
        this.#rememberFull(
          verdict.rejections.map((rejection) => rejection.failures[0].reason),
          recorder.state,
        );
        done.set(item, recordRefused(item, verdict, recorder));
      } else if (!lock) rest.push(item);
      else done.set(item, item.action === 'HOLD' ? recordHeld(item, verdict, recorder) : recordRedeemed(item, verdict, recorder));
    }
    return { done, stored, rest, recorder, tells, asked: recorder.state };
  }

  /** A ceiling that was met will be met by the next as well: they are looked at without locks. */
  #rememberFull(reasons: readonly ReasonCode[], state: DecisionState): void {
    if (!reasons.some((reason) => reason.startsWith('LIMIT_') || reason === 'BUDGET_EXHAUSTED')) return;
    for (const key of state.counters.keys()) this.#full.add(key);
  }

  #recorder(state: DecisionState): Recorder {
    return { rows: new BatchRows(), state, means: this.#means, cards: new Map(), newHolds: [], closedHolds: [] };
  }

  async #onConflict(error: unknown, items: readonly Prepared[]): Promise<void> {
    const { code, message } = error as { code?: string; message?: string };
    if (code === undefined || !CONFLICTS.has(code)) throw error;
    this.#cautiousUntil = performance.now() + CAUTION_MS;
    if (message === 'terms') await this.#means.refreshTerms(this.#campaignsOf(items));
  }

  /** Those whose terms these are decided on; null = whichever a hold has set aside. */
  #campaignsOf(items: readonly Prepared[]): string[] | null {
    if (items.some((item) => item.holdId !== null)) return null;
    const ids = items.flatMap((item) => item.codes.flatMap((code) => (code.found === 'code' ? [code.campaignId] : [])));
    return [...new Set(ids.flatMap((id) => [id, this.#means.campaign(id)?.main?.id ?? id]))];
  }

  /** The same key twice in one batch: the second rides on what the first was answered. */
  async #answerAgain(twin: Prepared): Promise<CheckoutAnswer> {
    const again = new Map<Prepared, CheckoutAnswer>();
    await this.#refuse([twin], again);
    const answer = again.get(twin);
    if (!answer) throw new Error('The first request under this key was answered but left no trace.');
    return answer;
  }
}

const writing = ({ rows }: Recorder): pg.QueryConfig => ({ name: 'write-batch', text: WRITE_BATCH, values: rows.values() });
