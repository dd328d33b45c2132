import type { LedgerEventRecord } from '../domain/ledger/ledger.types.ts';
import type { LedgerEvent } from './ledger.results.ts';
import { money } from './money.results.ts';

export function ledgerEventView(record: LedgerEventRecord): LedgerEvent {
  const { amount, currency, ...rest } = record;
  return { ...rest, amount: amount === null || currency === null ? null : money(amount, currency) };
}
