import { sha256 } from '../shared/canonical.ts';
import type { Prepared } from './prepared.ts';
import type { HoldCommand, OrderDraft, RedeemCommand } from './redemption.types.ts';

// What an idempotency key stands for. Members at their default are left out and the order of members is fixed here,
// so that an input which a later version adds does not change the fingerprint of requests that do not use it.

function orderParts(order: OrderDraft): unknown[] {
  return [
    order.source,
    order.externalId,
    order.storeId,
    order.channel,
    order.placedAt,
    order.currency,
    order.pricesIncludeTax,
    order.revision,
    order.customer && [order.customer.id ?? null, order.customer.phone ?? null, order.customer.email ?? null],
    order.lines.map((line) => [
      line.id,
      line.sku,
      line.quantity,
      line.unitPrice,
      line.discount,
      line.taxRate,
      line.name,
      line.group,
      line.brand,
    ]),
    order.payments.map((payment) => [payment.method, payment.amount, payment.externalId, payment.paidAt]),
  ];
}

export const orderHash = (order: OrderDraft): string => sha256(JSON.stringify(orderParts(order)));

export const redeemHash = (command: RedeemCommand, codes: readonly string[]): string =>
  sha256(JSON.stringify([orderParts(command.order), command.holdId, codes, command.tillId, command.staffId, command.entryMode]));

export const holdHash = (command: HoldCommand, codes: readonly string[]): string =>
  sha256(JSON.stringify([orderParts(command.order), codes, command.tillId, command.staffId, command.ttlSeconds]));

/** What must be the same when a hold is redeemed: lines, quantities, prices, discounts, store, currency, customer. */
export const heldBasketHash = (prepared: Prepared): string =>
  sha256(
    JSON.stringify([
      prepared.basket.storeId,
      prepared.basket.currency,
      prepared.customer.id,
      prepared.basket.lines.map((line) => [line.id, line.sku, line.quantity, line.unitPrice, line.discount]),
    ]),
  );
