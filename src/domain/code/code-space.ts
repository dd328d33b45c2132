import type { CodeLookupHit, CodePlace } from './code.types.ts';
import { readCode } from './code-normalise.ts';
import type { CodePattern } from './code-pattern.entity.ts';
import { guessOdds } from './guess-risk.ts';
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

interface Space {
  readonly pattern: CodePattern;
  /** Only where codes are random. */
  readonly random: RandomCodes | null;
  /** By first index. */
  readonly batches: readonly BatchRange[];
}

const LINES_AT_ONCE = 4_096;

/** Every pattern and batch of the hub at one moment: which code is whose, without asking the database. */
export class CodeSpace {
  /** How much there is of everything: whether anything was added shows here. */
  readonly extent: { readonly patterns: number; readonly batches: number; readonly codes: number };
  readonly #spaces = new Map<number, Space>();
  readonly #words = new Map<string, Space>();
  /** Random and sequential ones, by the length of their codes. */
  readonly #byLength = new Map<number, Space[]>();

  /** `before`: the ciphers of patterns known earlier are taken over, as they cost more to make than many codes. */
  constructor(patterns: readonly CodePattern[], batches: readonly BatchRange[], codeKey: Uint8Array, before?: CodeSpace) {
    this.extent = { patterns: patterns.length, batches: batches.length, codes: batches.reduce((sum, batch) => sum + batch.count, 0) };
    const ranges = Map.groupBy(batches, (batch) => batch.patternId);
    for (const pattern of patterns) {
      const random = pattern.kind === 'RANDOM' ? (before?.randomOf(pattern.id) ?? new RandomCodes(pattern, codeKey)) : null;
      const space = { pattern, random, batches: (ranges.get(pattern.id) ?? []).sort((a, b) => a.firstIndex - b.firstIndex) };
      this.#spaces.set(pattern.id, space);
      if (pattern.kind === 'SHARED') this.#words.set(pattern.prefix, space);
      else this.#byLength.set(codeLength(pattern), [...(this.#byLength.get(codeLength(pattern)) ?? []), space]);
    }
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

  pattern(patternId: number): CodePattern | undefined {
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

  private randomOf(patternId: number): RandomCodes | undefined {
    return this.#spaces.get(patternId)?.random ?? undefined;
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

const codeLength = ({ kind, prefix, length }: CodePattern): number => (kind === 'RANDOM' ? prefix.length + length : length);

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
  let low = 0;
  let high = batches.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((batches[middle] as BatchRange).firstIndex <= index) low = middle + 1;
    else high = middle;
  }
  const batch = batches[low - 1];
  return batch && index < batch.firstIndex + batch.count ? batch : undefined;
}
