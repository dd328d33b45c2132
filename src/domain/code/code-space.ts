import type { CodeLookupHit, CodePlace } from './code.types.ts';
import { readCode } from './code-normalise.ts';
import { codeLength, identityOf, isSamePattern, type PatternIdentity, sourcesOf } from './code-source.ts';
import { guessOdds } from './guess-risk.ts';
import { type CodeSource, patternsOverlap } from './pattern-overlap.ts';
import { RandomCodes } from './random-codes.ts';
import { domainSize } from './random-pattern.ts';
import { encodeSequential, matchSequential } from './sequential-codes.ts';
import { checkSharedWord } from './shared-word.ts';

/** A range of a pattern that belongs to a campaign. */
export interface BatchRange {
  readonly id: string;
  readonly campaignId: string;
  readonly patternId: number;
  readonly firstIndex: number;
  readonly count: number;
}

export type PatternRecord = PatternIdentity & { readonly id: number };

interface Space {
  readonly pattern: PatternRecord;
  /** Only where codes are random. Kept with its pattern: its cipher costs more to make than many codes. */
  readonly random: RandomCodes | null;
  /** By first index. */
  readonly batches: BatchRange[];
}

const LINES_AT_ONCE = 4_096;

/** Every pattern and batch of the hub, as far as they were told: which code is whose, without asking the database. */
export class CodeSpace {
  readonly #codeKey: Uint8Array;
  readonly #spaces = new Map<number, Space>();
  readonly #words = new Map<string, Space>();
  /** Random and sequential ones, by the length of their codes. */
  readonly #byLength = new Map<number, Space[]>();
  #lastPattern = 0;

  constructor(codeKey: Uint8Array) {
    this.#codeKey = codeKey;
  }

  /** The newest pattern that is known; their ids rise. */
  get lastPattern(): number {
    return this.#lastPattern;
  }

  /** What is new, or known already: patterns never change, and batches only grow longer. A batch whose pattern was never told is left out. */
  learn(patterns: readonly PatternRecord[], batches: readonly BatchRange[]): void {
    for (const pattern of patterns) if (!this.#spaces.has(pattern.id)) this.#add(pattern);
    for (const batch of batches) {
      const ranges = this.#spaces.get(batch.patternId)?.batches;
      if (!ranges) continue;
      const at = placeOf(ranges, batch.firstIndex);
      const before = ranges[at - 1];
      if (before?.id !== batch.id) ranges.splice(at, 0, batch);
      else if (before.count < batch.count) ranges[at - 1] = batch;
    }
  }

  #add(pattern: PatternRecord): void {
    const space = { pattern, random: pattern.kind === 'RANDOM' ? new RandomCodes(pattern, this.#codeKey) : null, batches: [] };
    this.#lastPattern = Math.max(this.#lastPattern, pattern.id);
    this.#spaces.set(pattern.id, space);
    if (pattern.kind === 'SHARED') {
      this.#words.set(pattern.prefix, space);
      return;
    }
    const sameLength = this.#byLength.get(codeLength(pattern));
    if (sameLength) sameLength.push(space);
    else this.#byLength.set(codeLength(pattern), [space]);
  }

  /** What exists already of which a text could belong to the source as well. */
  overlapping(source: CodeSource): CodeSource | undefined {
    const length = codeLength(identityOf(source));
    for (const { pattern, batches } of this.#spaces.values()) {
      if (codeLength(pattern) !== length) continue;
      const other = sourcesOf(pattern, batches).find((taken) => patternsOverlap(source, taken));
      if (other) return other;
    }
    return undefined;
  }

  /** The pattern of a source, where it is known. */
  patternOf(source: CodeSource): PatternRecord | undefined {
    const wanted = identityOf(source);
    for (const { pattern } of this.#spaces.values()) if (isSamePattern(pattern, wanted)) return pattern;
    return undefined;
  }

  lookup(typed: string): CodeLookupHit {
    const { code, wellFormed } = readCode(typed);
    if (!wellFormed) return { found: 'malformed', code };
    const word = this.#words.get(code);
    if (word) return hit(code, word, 0) ?? { found: 'unknown', code };
    let best: 'unknown' | 'checkFailed' | undefined;
    for (const space of this.#byLength.get(code.length) ?? []) {
      const index = indexIn(space, code);
      if (typeof index === 'number') {
        const found = hit(code, space, index);
        if (found) return found;
        best ??= 'unknown';
      } else if (index === 'checkFailed') best = 'checkFailed';
    }
    return { found: best ?? (this.#isMalformed(code) ? 'malformed' : 'unknown'), code };
  }

  /** The batch that holds a place. */
  batchAt({ patternId, index }: CodePlace): BatchRange | undefined {
    const space = this.#spaces.get(patternId);
    return space && batchOf(space, index);
  }

  isShared({ patternId }: CodePlace): boolean {
    return this.#spaces.get(patternId)?.pattern.kind === 'SHARED';
  }

  pattern(patternId: number): PatternRecord | undefined {
    return this.#spaces.get(patternId)?.pattern;
  }

  codeAt(place: CodePlace): string {
    return this.codesFrom(place, 1)[0] as string;
  }

  /** Consecutive codes, in index order. */
  codesFrom({ patternId, index }: CodePlace, count: number): string[] {
    const { pattern, random } = this.#space(patternId);
    if (random) return random.encodeRange(index, count);
    return Array.from({ length: count }, (_, at) =>
      pattern.kind === 'SHARED' ? pattern.prefix : encodeSequential(pattern.prefix, pattern.length, index + at),
    );
  }

  /** The same, one a line as bytes, in buffers of bounded size. */
  *lines({ patternId, index }: CodePlace, count: number): Generator<Buffer> {
    const { random } = this.#space(patternId);
    if (random) yield* random.streamLines(index, count);
    else {
      for (let done = 0; done < count; done += LINES_AT_ONCE) {
        const codes = this.codesFrom({ patternId, index: index + done }, Math.min(LINES_AT_ONCE, count - done));
        yield Buffer.from(`${codes.join('\n')}\n`);
      }
    }
  }

  /** The chance that one random try, over all texts of the pattern with a right check character, hits one of `count` codes. */
  guessOdds(patternId: number, count: number): number {
    const { pattern } = this.#space(patternId);
    if (pattern.kind === 'SHARED') return 1;
    return guessOdds(count, pattern.kind === 'RANDOM' ? domainSize(pattern) : 10 ** (pattern.length - pattern.prefix.length));
  }

  #space(patternId: number): Space {
    const space = this.#spaces.get(patternId);
    if (!space) throw new Error(`Pattern ${patternId} is not known.`);
    return space;
  }

  /** A sign that no code has, or the beginning of a pattern's codes with what none of them goes on with. */
  #isMalformed(code: string): boolean {
    if (checkSharedWord(code).length > 0) return true;
    for (const { pattern } of this.#spaces.values())
      if (pattern.kind !== 'SHARED' && pattern.prefix !== '' && code.startsWith(pattern.prefix)) return true;
    return false;
  }
}

function indexIn({ pattern, random }: Space, code: string): number | 'checkFailed' | undefined {
  if (!random) return matchSequential(pattern.prefix, pattern.length, code);
  const match = random.match(code);
  return match === 'no' ? undefined : match === 'checkFailed' ? match : match.index;
}

function hit(code: string, space: Space, index: number): CodeLookupHit | undefined {
  const batch = batchOf(space, index);
  return (
    batch && {
      found: 'code',
      code,
      patternId: space.pattern.id,
      index,
      batchId: batch.id,
      campaignId: batch.campaignId,
      shared: space.pattern.kind === 'SHARED',
    }
  );
}

/** The last batch that begins at or before the index, if it reaches that far. */
function batchOf({ batches }: Space, index: number): BatchRange | undefined {
  const batch = batches[placeOf(batches, index) - 1];
  return batch && index < batch.firstIndex + batch.count ? batch : undefined;
}

/** How many begin at or before the index. */
function placeOf(batches: readonly BatchRange[], index: number): number {
  let low = 0;
  let high = batches.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((batches[middle] as BatchRange).firstIndex <= index) low = middle + 1;
    else high = middle;
  }
  return low;
}
