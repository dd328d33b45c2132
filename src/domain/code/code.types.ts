import type { CodePatternKind } from './code-pattern.entity.ts';

/** GenerateCodesInput; null = left out (its default). Exactly one of random, sequential, shared. */
export interface GenerateCodesDraft {
  readonly campaignId: string;
  readonly idempotencyKey: string;
  readonly count: number;
  readonly random?: RandomCodesDraft | null | undefined;
  readonly sequential?: SequentialCodesDraft | null | undefined;
  readonly shared?: string | null | undefined;
}

export interface RandomCodesDraft {
  readonly prefix?: string | null | undefined;
  /** Characters after the prefix, check character included. */
  readonly length?: number | null | undefined;
  readonly alphabet?: string | null | undefined;
  readonly checkCharacter?: boolean | null | undefined;
}

export interface SequentialCodesDraft {
  readonly prefix?: string | null | undefined;
  readonly start?: number | null | undefined;
  /** The whole code with its prefix. */
  readonly width?: number | null | undefined;
}

/** Where a code lies: its pattern and its place in it. */
export interface CodePlace {
  readonly patternId: number;
  readonly index: number;
}

/** What became of looking a code up. `code` is normalised. */
export type CodeLookupHit =
  | { readonly found: 'malformed' | 'unknown' | 'checkFailed'; readonly code: string }
  | ({
      readonly found: 'code';
      readonly code: string;
      readonly batchId: string;
      readonly campaignId: string;
      readonly shared: boolean;
    } & CodePlace);

export interface CodeBatchRecord {
  readonly id: string;
  readonly campaignId: string;
  readonly patternId: number;
  readonly kind: CodePatternKind;
  readonly firstIndex: number;
  readonly count: number;
  readonly first: string;
  readonly last: string;
  /** The chance that one random try hits a code of the batch. */
  readonly guessOdds: number;
  /** RFC 3339 */
  readonly createdAt: string;
}
