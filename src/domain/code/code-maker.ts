import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { badInput, conflict } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { CodeBatch } from './code-batch.entity.ts';
import { CodePattern } from './code-pattern.entity.ts';
import { identityOf } from './code-source.ts';
import type { CodeSpace } from './code-space.ts';
import { guessRisk } from './guess-risk.ts';
import type { CodeSource } from './pattern-overlap.ts';
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

/** Takes the next range of the source's pattern for a campaign. The caller holds the lock, since before `space` was read; faults are thrown. */
export async function makeBatch(em: EntityManager, space: CodeSpace, order: Order): Promise<CodeBatch> {
  const { source, count, now } = order;
  const pattern = await patternOf(em, space, source, now);
  const firstIndex = takeRange(pattern, order);
  const batch = em.create(CodeBatch, {
    id: newId('codeBatch', now),
    campaignId: order.campaignId,
    patternId: pattern.id,
    firstIndex,
    count,
    kept: null,
    issueCursor: 0,
    createdAt: new Date(now),
  });
  await em.persist(batch).flush();
  return batch;
}

/** The pattern's row, locked; made where it is new. CONFLICT where its texts could be somebody else's in `space`, which knows all that was made before the caller got the lock of making. */
export async function patternOf(em: EntityManager, space: CodeSpace, source: CodeSource, now: number): Promise<CodePattern> {
  const identity = identityOf(source);
  refuseOverlap(space, source);
  const known = await em.findOne(CodePattern, identity, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  if (known) return known;
  const made = em.create(CodePattern, { ...identity, nextIndex: 0, createdAt: new Date(now) });
  // Its number is needed for batches.
  await em.persist(made).flush();
  return made;
}

function refuseOverlap(space: CodeSpace, source: CodeSource): void {
  const other = space.overlapping(source);
  if (other)
    throw conflict(`Some of these codes could be ${describe(other)}, which exist already: choose another prefix, length or start.`);
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
