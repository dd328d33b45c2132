import type { Readable } from 'node:stream';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '../../database/database.ts';
import type { Listener } from '../../database/listener.ts';
import { notify, ormRunner } from '../../database/transaction.ts';
import type { Actor } from '../access/roles.ts';
import { writeAudit } from '../audit/audit-writer.ts';
import { Campaign } from '../campaign/campaign.entity.ts';
import type { CampaignService } from '../campaign/campaign.service.ts';
import { balanceValue } from '../decision/balance.ts';
import { Idempotency } from '../idempotency/idempotency.entity.ts';
import { writeEventsAndTell } from '../ledger/ledger-writer.ts';
import { canonicalJson, sha256 } from '../shared/canonical.ts';
import { type Clock, instantText } from '../shared/clock.ts';
import { badInput, conflict, notFound } from '../shared/errors.ts';
import { checkIdempotencyKey, isStorable } from '../shared/input-checks.ts';
import type { Keyring } from '../shared/keyring.ts';
import { singleFlight } from '../shared/single-flight.ts';
import type { CodeBatchRecord, CodeLookupHit, CodePlace, GenerateCodesDraft } from './code.types.ts';
import { CodeBatch } from './code-batch.entity.ts';
import { BEGINNING, readChanges } from './code-changes.ts';
import { csvOf, zipOf } from './code-export.ts';
import { lockMaking, makeBatch, patternOf } from './code-maker.ts';
import { sourceOf } from './code-source.ts';
import { type BatchRange, CodeSpace } from './code-space.ts';
import { guessRisk } from './guess-risk.ts';
import type { CodeSource } from './pattern-overlap.ts';
import type { RandomPattern } from './random-pattern.ts';
import { VoucherIds } from './voucher-id.ts';

const CHANNEL = 'valehub_terms';
const TOPIC = 'codes';
const SCOPE = 'generateCodes';

interface CodeMeans {
  readonly database: Database;
  readonly clock: Clock;
  readonly keyring: Keyring;
  readonly campaigns: CampaignService;
  /** Wrong tries that one address is allowed: what guessing odds are held against. */
  readonly attemptsPerMinute: number;
  readonly listener: Listener | null;
}

/** Codes: which exist and whose they are is known in memory; none is stored. */
export class CodeService {
  readonly #means: CodeMeans;
  readonly #voucherIds: VoucherIds;
  readonly #space: CodeSpace;
  #horizon = BEGINNING;
  readonly #stop: (() => void)[] = [];
  /** Resolves once what was committed before the call is known here; cheap where nothing changed. */
  readonly refresh: () => Promise<void>;

  constructor(means: CodeMeans) {
    this.#means = means;
    this.#voucherIds = new VoucherIds(means.keyring.voucherIdKey);
    this.#space = new CodeSpace(means.keyring.codeKey);
    this.refresh = singleFlight(() => this.#read());
    if (!means.listener) return;
    this.#stop.push(
      means.listener.on(CHANNEL, async (payload) => {
        if (payload === TOPIC) await this.refresh();
      }),
      means.listener.onReconnect(() => this.refresh()),
    );
  }

  /** Reads all patterns and batches; call once before use. */
  async load(): Promise<void> {
    await this.refresh();
  }

  /** From memory. Where it finds none, `refresh` and look again: another process may have made the code a moment ago. */
  lookup(typed: string): CodeLookupHit {
    return this.#space.lookup(typed);
  }

  /** As `lookup`, with the second look. */
  async find(typed: string): Promise<CodeLookupHit> {
    const hit = this.lookup(typed);
    if (hit.found === 'code') return hit;
    await this.refresh();
    return this.lookup(typed);
  }

  /** The batch that holds a place, from memory. */
  batchAt(place: CodePlace): BatchRange | undefined {
    return this.#space.batchAt(place);
  }

  isShared(place: CodePlace): boolean {
    return this.#space.isShared(place);
  }

  /** Whether `codeAt` can tell; else `refresh` first: another process made the pattern a moment ago. */
  knows({ patternId }: CodePlace): boolean {
    return this.#space.pattern(patternId) !== undefined;
  }

  codeAt(place: CodePlace): string {
    return this.#space.codeAt(place);
  }

  /** Consecutive codes, in index order. */
  codesFrom(place: CodePlace, count: number): string[] {
    return this.#space.codesFrom(place, count);
  }

  voucherId({ patternId, index }: CodePlace): string {
    return this.#voucherIds.encode({ spaceId: patternId, index });
  }

  /** null for what is no voucher's id; whether a batch reaches that far is not looked at. */
  parseVoucherId(id: string): CodePlace | null {
    const place = this.#voucherIds.decode(id);
    return place ? { patternId: place.spaceId, index: place.index } : null;
  }

  /** Makes a batch. The same key with the same input is the same batch; with another it is a CONFLICT. */
  async generate(actor: Actor, draft: GenerateCodesDraft): Promise<CodeBatchRecord> {
    checkIdempotencyKey(draft.idempotencyKey);
    const source = sourceOf(draft);
    const inputHash = sha256(canonicalJson({ campaignId: draft.campaignId, count: draft.count, source }));
    const batchId = await this.#means.database.em().transactional(async (em) => {
      await this.#lockMaking(em);
      const earlier = await em.findOne(Idempotency, { scope: SCOPE, key: draft.idempotencyKey });
      if (earlier) return repeated(earlier, inputHash);
      return this.#make(em, actor, draft, source, inputHash);
    });
    return this.#made(batchId);
  }

  /** The pattern's number; it is made where it is new. CONFLICT where one of its texts could be somebody else's. */
  async patternFor(random: RandomPattern): Promise<number> {
    const source = { kind: 'random', pattern: random } as const;
    const known = this.#space.patternOf(source);
    if (known) return known.id;
    return this.#means.database.em().transactional(async (em) => {
      await this.#lockMaking(em);
      return (await patternOf(em, this.#space, source, this.#means.clock.now())).id;
    });
  }

  /** From here on nobody else makes codes until the transaction is over, and those made before are known. */
  async #lockMaking(em: EntityManager): Promise<void> {
    await lockMaking(em);
    await this.refresh();
  }

  /** Whether so many usable codes of a pattern are too few to be guessed. */
  isSafe(pattern: RandomPattern, usable: number): boolean {
    return guessRisk({ pattern, usable, attemptsPerMinute: this.#means.attemptsPerMinute }).refusal === undefined;
  }

  async batch(id: string): Promise<CodeBatchRecord | null> {
    const batch = isStorable(id) ? await this.#means.database.em().findOne(CodeBatch, id) : null;
    if (!batch) return null;
    if (!this.#space.pattern(batch.patternId)) await this.refresh();
    return this.#record(batch);
  }

  /** The first codes of a batch, in index order. */
  sample(batch: CodeBatchRecord, first: number): string[] {
    return this.#space.codesFrom({ patternId: batch.patternId, index: batch.firstIndex }, Math.min(first, batch.count));
  }

  /** CSV under the header `code`; `part` n is the n-th thousand, from 1. null: no such part. */
  csv(batch: CodeBatchRecord, part?: number): Readable | null {
    return csvOf(this.#space, batch, part);
  }

  /** All parts of a thousand codes as CSV files in one zip. */
  zip(batch: CodeBatchRecord): Readable {
    return zipOf(this.#space, batch);
  }

  close(): void {
    for (const stop of this.#stop) stop();
  }

  async #make(em: EntityManager, actor: Actor, draft: GenerateCodesDraft, source: CodeSource, inputHash: string): Promise<string> {
    const campaign = isStorable(draft.campaignId) ? await em.findOne(Campaign, draft.campaignId) : null;
    if (!campaign) throw notFound('campaign', draft.campaignId);
    if (!campaign.incentive)
      throw badInput({
        path: 'input.campaignId',
        message: 'A main campaign has no codes of its own: make them in one of its sub-campaigns.',
      });
    if (source.kind === 'shared' && balanceValue(campaign) !== null)
      throw badInput({ path: 'input.shared', message: 'One balance cannot be everybody’s: a gift card needs a code of its own.' });
    if (campaign.status === 'ENDED' || campaign.status === 'ARCHIVED')
      throw conflict(`The campaign is ${campaign.status}: no more codes are made for it.`);
    const now = this.#means.clock.now();
    const { id, count } = await makeBatch(em, this.#space, {
      campaignId: campaign.id,
      source,
      count: draft.count,
      attemptsPerMinute: this.#means.attemptsPerMinute,
      now,
    });
    em.persist(
      em.create(Idempotency, { scope: SCOPE, key: draft.idempotencyKey, inputHash, answer: { batchId: id }, createdAt: new Date(now) }),
    );
    await em.flush();
    const after = { campaignId: campaign.id, count, random: draft.random, sequential: draft.sequential, shared: draft.shared };
    await writeAudit(ormRunner(em), { at: now, actorId: actor.id, operation: SCOPE, subjectId: id, before: null, after });
    const data = { batchId: id, kind: source.kind.toUpperCase(), count, actorId: actor.id };
    await writeEventsAndTell(ormRunner(em), [{ type: 'CODES_GENERATED', at: instantText(now), campaignId: campaign.id, data }]);
    await notify(em, CHANNEL, TOPIC);
    return id;
  }

  async #made(batchId: string): Promise<CodeBatchRecord> {
    await this.refresh();
    const record = await this.batch(batchId);
    if (!record) throw new Error(`Batch ${batchId} was made and is not there.`);
    return record;
  }

  #record(batch: CodeBatch): CodeBatchRecord {
    const { id, campaignId, patternId, firstIndex, count } = batch;
    const pattern = this.#space.pattern(patternId);
    if (!pattern) throw new Error(`Batch ${id} is of pattern ${patternId}, which is not there.`);
    return {
      id,
      campaignId,
      patternId,
      kind: pattern.kind,
      firstIndex,
      count,
      first: this.codeAt({ patternId, index: firstIndex }),
      last: this.codeAt({ patternId, index: firstIndex + count - 1 }),
      guessOdds: this.#space.guessOdds(patternId, count),
      createdAt: instantText(batch.createdAt.getTime()),
    };
  }

  async #read(): Promise<void> {
    const { horizon, batches, patterns } = await readChanges(this.#means.database.pool, this.#horizon, this.#space.lastPattern);
    // Nobody finds a code before the terms of its campaign are known.
    await this.#means.campaigns.byIds([...new Set(batches.map((batch) => batch.campaignId))]);
    this.#space.learn(patterns, batches);
    this.#horizon = horizon;
  }
}

function repeated(earlier: Idempotency, inputHash: string): string {
  if (earlier.inputHash !== inputHash) throw conflict('This idempotencyKey was used for other codes; send a new one.');
  return (earlier.answer as { batchId: string }).batchId;
}
