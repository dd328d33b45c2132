import type { Readable } from 'node:stream';
import type { Database } from '../../database/database.ts';
import type { Listener } from '../../database/listener.ts';
import type { Actor } from '../access/roles.ts';
import type { CampaignService } from '../campaign/campaign.service.ts';
import type { Clock } from '../shared/clock.ts';
import type { Keyring } from '../shared/keyring.ts';
import type { CodeBatchRecord, CodeLookupHit, CodePlace, GenerateCodesDraft } from './code.types.ts';

export class CodeService {
  constructor(options: { database: Database; clock: Clock; keyring: Keyring; campaigns: CampaignService; attemptsPerMinute: number; listener: Listener | null }) { void options; }
  /** Reads all patterns and batches; call once before use. */
  async load(): Promise<void> { throw new Error('not built yet'); }
  /** From memory. Where it says `unknown`, `refresh` and look again: another process may have made the code a moment ago. */
  lookup(typed: string): CodeLookupHit { void typed; throw new Error('not built yet'); }
  /** Resolves once what was committed before the call is known here; cheap where nothing changed. */
  async refresh(): Promise<void> { throw new Error('not built yet'); }
  /** The batch that holds a place. */
  batchAt(place: CodePlace): { readonly batchId: string; readonly campaignId: string; readonly shared: boolean } | undefined { void place; throw new Error('not built yet'); }
  codeAt(place: CodePlace): string { void place; throw new Error('not built yet'); }
  voucherId(place: CodePlace): string { void place; throw new Error('not built yet'); }
  /** null for what is no voucher's id; whether a batch reaches that far is not looked at. */
  parseVoucherId(id: string): CodePlace | null { void id; throw new Error('not built yet'); }
  async generate(actor: Actor, draft: GenerateCodesDraft): Promise<CodeBatchRecord> { void actor; void draft; throw new Error('not built yet'); }
  async batch(id: string): Promise<CodeBatchRecord | null> { void id; throw new Error('not built yet'); }
  /** The first codes of a batch, in index order. */
  sample(batch: CodeBatchRecord, first: number): string[] { void batch; void first; throw new Error('not built yet'); }
  /** CSV under the header `code`; `part` n is the n-th thousand, from 1. null: no such part. */
  csv(batch: CodeBatchRecord, part?: number): Readable | null { void batch; void part; throw new Error('not built yet'); }
  /** All parts of a thousand codes as CSV files in one zip. */
  zip(batch: CodeBatchRecord): Readable { void batch; throw new Error('not built yet'); }
  close(): void {}
}
