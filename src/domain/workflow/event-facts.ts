import type { BudgetUse, CampaignCounts, CampaignRecord } from '../campaign/campaign.types.ts';
import type { PricedBasket } from '../decision/decision.types.ts';
import type { LedgerEventRecord } from '../ledger/ledger.types.ts';
import type { RedemptionRecord } from '../redemption/redemption.types.ts';
import type { VoucherView } from '../voucher/voucher.types.ts';

// The hub's records in the form of the GraphQL types, as far as expressions know them (variables.ts). Nested records are put in by the caller.

const moneyOf = (minor: number | null, currency: string | null) => (minor === null || currency === null ? null : { minor, currency });

export const eventFacts = (event: LedgerEventRecord) => ({ ...event, amount: moneyOf(event.amount, event.currency) });

export function campaignFacts(record: CampaignRecord, counts: CampaignCounts | undefined, use: BudgetUse | undefined) {
  const { budget, currency } = record;
  const money = (minor: number) => moneyOf(minor, currency);
  return {
    ...record,
    counts,
    budget:
      budget === null || use === undefined
        ? null
        : { total: money(budget), used: money(use.used), held: money(use.held), left: money(Math.max(0, budget - use.used - use.held)) },
  };
}

export const voucherFacts = (view: VoucherView) => ({
  id: view.id,
  code: view.code,
  status: view.shown,
  balance: view.balance && moneyOf(view.balance.left, view.balance.currency),
  balanceHeld: view.balance && moneyOf(view.balance.held, view.balance.currency),
  validFrom: instantOf(view.validFrom),
  validUntil: instantOf(view.validUntil),
});

const instantOf = (epochMs: number | null) => (epochMs === null ? null : new Date(epochMs));

export const redemptionFacts = (record: RedemptionRecord) => ({ ...record, amount: moneyOf(record.amount, record.currency) });

export function pricedFacts(priced: PricedBasket) {
  const money = (minor: number) => moneyOf(minor, priced.currency);
  return {
    subtotal: money(priced.subtotal),
    lineDiscounts: money(priced.lineDiscounts),
    voucherDiscounts: money(priced.voucherDiscounts),
    tendered: money(priced.tendered),
    due: money(priced.due),
    tax: priced.tax.map(({ rate, base, tax }) => ({ rate, base: money(base), tax: money(tax) })),
    lines: priced.lines.map((line) => ({
      lineId: line.lineId,
      gross: money(line.gross),
      discount: money(line.discount),
      due: money(line.due),
      locked: line.locked,
    })),
  };
}
