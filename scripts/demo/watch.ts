import type { HubClient, LedgerEvent } from './hub-client.ts';
import { ledgerLine, say } from './print.ts';

/** Prints the ledger live from a cursor on, and keeps what it prints. */
export async function watch(hub: HubClient, after: string, signal: AbortSignal, seen: LedgerEvent[]): Promise<void> {
  for await (const event of hub.ledger(after, signal)) {
    seen.push(event);
    say(ledgerLine(event));
  }
}
