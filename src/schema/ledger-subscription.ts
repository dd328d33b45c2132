import type { LedgerEventRecord, LedgerFilter } from '../domain/ledger/ledger.types.ts';
import type { Context } from './context.ts';

interface Subscribing {
  readonly args: { readonly after?: string | null; readonly filter?: LedgerFilter | null };
  readonly context: Context;
}

/** Goes on until the socket is closed, the subscription completed or the key revoked (context.signal). */
export function followLedger({ args, context }: Subscribing): Promise<AsyncIterable<readonly LedgerEventRecord[]>> {
  return context.hub.ledger.followInBatches(args.after ?? null, args.filter ?? null, context.actor, context.signal);
}
