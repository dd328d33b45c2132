import type { EntityManager } from '@mikro-orm/postgresql';
import { badInput, conflict } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { CodeBatch } from './code-batch.entity.ts';
import { CodePattern } from './code-pattern.entity.ts';
import { identityOf, sourcesOf } from './code-source.ts';
import { guessRisk } from './guess-risk.ts';
import { type CodeSource, patternsOverlap } from './pattern-overlap.ts';
import { capacity } from './random-pattern.ts';

/** One deployment makes codes one batch after the other, so that no two ever claim the same texts. */
const MAKER_LOCK = 8_254_033;

export async function lockMaking(em: EntityManager): Promise<void> {
  await em.execute('select pg_advisory_xact_lock(?)', [MAKER_LOCK]);
}

interface Order {
  readonly campaignId: string;
  readonly source: CodeSource;
  readonly count: number;
  readonly attemptsPerMinute: number;
  readonly now: number;
}

/** Takes the next range of the source's pattern for a campaign. The caller holds the lock; faults are thrown. */
export async function makeBatch(em: EntityManager, order: Order): Promise<CodeBatch> {
  const { source, count, now } = order;
  const identity = identityOf(source);
  const patterns = await em.find(CodePattern, {});
  const known = patterns.find((pattern) => isSame(pattern, identity));
  await refuseOverlap(em, source, patterns);
  const pattern = known ?? em.create(CodePattern, { ...identity, nextIndex: 0, createdAt: new Date(now) });
  const firstIndex = takeRange(pattern, order);
  // The pattern's number is needed for the batch.
  await em.persist(pattern).flush();
  const batch = em.create(CodeBatch, { id: newId('codeBatch', now), campaignId: order.campaignId, patternId: pattern.id, firstIndex, count, issueCursor: 0, createdAt: new Date(now) });
  await em.persist(batch).flush();
  return batch;
}

const isSame = (a: ReturnType<typeof identityOf>, b: ReturnType<typeof identityOf>): boolean =>
  a.kind === b.kind && a.prefix === b.prefix && a.length === b.length && a.alphabet === b.alphabet && a.checkCharacter === b.checkCharacter;

async function refuseOverlap(em: EntityManager, source: CodeSource, patterns: readonly CodePattern[]): Promise<void> {
  const numbered = patterns.filter((pattern) => pattern.kind === 'SEQUENTIAL').map((pattern) => pattern.id);
  const batches = Map.groupBy(await em.find(CodeBatch, { patternId: { $in: numbered } }), (batch) => batch.patternId);
  for (const pattern of patterns) {
    const other = sourcesOf(pattern, batches.get(pattern.id) ?? []).find((taken) => patternsOverlap(source, taken));
    if (other) throw conflict(`Some of these codes could be ${describe(other)}, which exist already: choose another prefix, length or start.`);
  }
}

function describe(source: CodeSource): string {
  switch (source.kind) {
    case 'random':
      return `the random codes "${source.pattern.prefix}" + ${source.pattern.length} characters of ${source.pattern.alphabet}`;
    case 'sequential':
      return `the numbered codes "${source.range.prefix}" ${source.range.first} to ${source.range.last}`;
    case 'shared':
      return `the shared word ${source.word}`;
  }
}

/** The first index of the range; a numbered code's index is its number. */
function takeRange(pattern: CodePattern, { source, count, attemptsPerMinute }: Order): number {
  if (source.kind === 'sequential') return source.range.first;
  if (source.kind === 'shared') return 0;
  const firstIndex = pattern.nextIndex;
  const room = capacity(source.pattern) - firstIndex;
  if (count > room) throw badInput({ path: 'input.count', message: `The pattern has room for ${room} more codes.` });
  const { refusal } = guessRisk({ pattern: source.pattern, usable: firstIndex + count, attemptsPerMinute });
  if (refusal !== undefined) throw badInput({ path: 'input.random.length', message: refusal });
  pattern.nextIndex = firstIndex + count;
  return firstIndex;
}
