import type { DeskOrder, DeskOutcome, Money } from '@valehub/connector-kit';
import { onCheck, onSelection, takenOff } from './discounts.ts';
import { lineOf, soldOn } from './lines.ts';
import { tillOf } from './orders.ts';
import type { AppliedDiscount, Check } from './schemas.ts';
import type { ToastCtx } from './settings.ts';
import { phoneOf } from './till.ts';

/** An amount as the JSON number that Toast wants: written, not reckoned. */
export const number = (ctx: ToastCtx, money: Money): number => Number(ctx.money.toMajor(money));

/** No voucher has such a code. */
export const isUnknown = (outcome: DeskOutcome): boolean =>
  !outcome.ok && ['CODE_UNKNOWN', 'CODE_MALFORMED', 'CODE_CHECK_FAILED', 'NOT_USABLE'].includes(outcome.reason);

/** Without the discounts that are ours. The prices hold them too, so they are left out and the other discounts are spread anew. */
const without = (check: Check, isOurs: (discount: AppliedDiscount) => boolean): Check => ({
  ...check,
  appliedDiscounts: onCheck(check).filter((discount) => !isOurs(discount)),
  selections: check.selections.map((selection) => ({
    ...selection,
    price: undefined,
    appliedDiscounts: onSelection(check, selection).filter((discount) => !isOurs(discount)),
  })),
});

/** The check as a voucher is decided on it. Undefined where the restaurant is nobody's store. */
export function basketOf(
  ctx: ToastCtx,
  location: string | undefined,
  told: Check,
  externalId: string,
  isOurs: (discount: AppliedDiscount) => boolean,
): DeskOrder | undefined {
  const store = ctx.store(location);
  if (!store) return undefined;
  const till = tillOf(ctx, location);
  const check = without(told, isOurs);
  const sold = soldOn(till, check);
  const taken = takenOff(till, check, sold);
  const phone = phoneOf(till, check.customer?.phone, check.customer?.phoneCountryCode);
  const email = check.customer?.email;
  return {
    externalId,
    ...(location ? { location } : {}),
    currency: store.currency,
    lines: sold
      .map((selection) => lineOf(till, selection, taken.get(selection.guid)))
      // What is only worth its money (a gift card) is not discounted.
      .filter((line) => !line.gift)
      .map(({ id, sku, name, group, quantity, unitPrice, discount }) => ({
        id,
        sku,
        ...(name === undefined ? {} : { name }),
        ...(group === undefined ? {} : { group }),
        quantity,
        unitPrice,
        ...(discount.minor === 0 ? {} : { discount }),
      })),
    ...(phone || email ? { customer: { ...(phone ? { phone } : {}), ...(email ? { email } : {}) } } : {}),
  };
}
