import { badInput, type InputFault } from '../shared/errors.ts';
import { InputChecks } from '../shared/input-checks.ts';
import type { GenerateCodesDraft, RandomCodesDraft, SequentialCodesDraft } from './code.types.ts';
import { normaliseCode } from './code-normalise.ts';
import type { CodePattern } from './code-pattern.entity.ts';
import type { CodeSource } from './pattern-overlap.ts';
import { checkPattern, DIGITS, type RandomPattern } from './random-pattern.ts';
import { BOOK_WIDTH, checkSequential, type SequentialRange } from './sequential-codes.ts';
import { checkSharedWord } from './shared-word.ts';

/** The codes a draft asks for, with its defaults; words and prefixes as codes are kept. Throws BAD_USER_INPUT. */
export function sourceOf(draft: GenerateCodesDraft): CodeSource {
  const kinds = (['random', 'sequential', 'shared'] as const).filter((kind) => draft[kind] !== null && draft[kind] !== undefined);
  if (kinds.length !== 1) throw badInput({ path: 'input', message: 'Exactly one of random, sequential and shared is wanted.' });
  const checks = new InputChecks();
  checks.integer('input.count', draft.count, 1, draft.shared ? 1 : Number.MAX_SAFE_INTEGER);
  checks.settle();
  if (draft.random) return { kind: 'random', pattern: randomPattern(draft.random) };
  if (draft.sequential) return { kind: 'sequential', range: sequentialRange(draft.sequential, draft.count) };
  const shared = draft.shared ?? '';
  settle('input', checkSharedWord(shared));
  return { kind: 'shared', word: normaliseCode(shared) };
}

function randomPattern(draft: RandomCodesDraft): RandomPattern {
  const pattern = {
    prefix: draft.prefix ?? '',
    length: draft.length ?? 13,
    alphabet: draft.alphabet ?? DIGITS,
    checkCharacter: draft.checkCharacter ?? true,
  };
  settle('input.random', checkPattern(pattern));
  return pattern;
}

function sequentialRange(draft: SequentialCodesDraft, count: number): SequentialRange {
  const range = { prefix: draft.prefix ?? '', width: draft.width ?? BOOK_WIDTH, first: draft.start ?? 1 };
  const faults = checkSequential(range, range.first, count);
  settle(
    'input.sequential',
    faults.map((fault) => (fault.path === 'count' ? { ...fault, path: '..' } : fault)),
  );
  return { ...range, last: range.first + count - 1 };
}

/** `..` stands for the count, which lies beside the pattern. */
function settle(at: string, faults: readonly InputFault[]): void {
  const checks = new InputChecks();
  for (const { path, message } of faults) checks.fault(path === '..' ? 'input.count' : `${at}.${path}`, message);
  checks.settle();
}

/** What a pattern is found again by. */
export type PatternIdentity = Pick<CodePattern, 'kind' | 'prefix' | 'length' | 'alphabet' | 'checkCharacter'>;

export function identityOf(source: CodeSource): PatternIdentity {
  switch (source.kind) {
    case 'random':
      return { kind: 'RANDOM', ...source.pattern };
    case 'sequential':
      return { kind: 'SEQUENTIAL', prefix: source.range.prefix, length: source.range.width, alphabet: '', checkCharacter: false };
    case 'shared':
      return { kind: 'SHARED', prefix: source.word, length: 0, alphabet: '', checkCharacter: false };
  }
}

export const isSamePattern = (a: PatternIdentity, b: PatternIdentity): boolean =>
  a.kind === b.kind && a.prefix === b.prefix && a.length === b.length && a.alphabet === b.alphabet && a.checkCharacter === b.checkCharacter;

/** Characters of each of its codes. */
export function codeLength({ kind, prefix, length }: PatternIdentity): number {
  switch (kind) {
    case 'RANDOM':
      return prefix.length + length;
    case 'SEQUENTIAL':
      return length;
    case 'SHARED':
      return prefix.length;
  }
}

/** What already takes up texts: each random pattern and shared word whole, each sequential one by the ranges of its batches. */
export function sourcesOf(
  pattern: PatternIdentity,
  batches: readonly { readonly firstIndex: number; readonly count: number }[],
): CodeSource[] {
  switch (pattern.kind) {
    case 'RANDOM':
      return [{ kind: 'random', pattern }];
    case 'SEQUENTIAL':
      return batches.map(({ firstIndex, count }) => ({
        kind: 'sequential',
        range: { prefix: pattern.prefix, width: pattern.length, first: firstIndex, last: firstIndex + count - 1 },
      }));
    case 'SHARED':
      return [{ kind: 'shared', word: pattern.prefix }];
  }
}
