import type { HubOrderDiscount, Money } from '@valehub/connector-kit';
import type { AppliedDiscount, Check, Selection } from './schemas.ts';
import { amount, type Till, texts, total } from './till.ts';

/** What was taken off one selection: by discounts of its own, and its share of those on the whole check. */
export interface Taken {
  readonly own: Money;
  readonly share: Money;
}

/** A reward that was taken off stays on the check with these states. */
const isGone = ({ processingState: state }: AppliedDiscount): boolean => state === 'VOID' || state === 'PENDING_VOID';

/** Prices are told without tax, so of a discount only the part that lowers the price counts. */
const given = (till: Till, discount: AppliedDiscount): Money => amount(till, discount.nonTaxDiscountAmount ?? discount.discountAmount);

export const onCheck = (check: Check): readonly AppliedDiscount[] => check.appliedDiscounts.filter((discount) => !isGone(discount));

/** Those of the selection itself; one that the check has too is only its share told again. */
export const onSelection = (check: Check, selection: Selection): readonly AppliedDiscount[] =>
  selection.appliedDiscounts.filter((discount) => !isGone(discount) && !check.appliedDiscounts.some(({ guid }) => guid === discount.guid));

/**
 * Toast does not say how a discount of the check lies on its selections, but their `price` holds it. Where the prices and the discounts do
 * not come to the same (an old order, a basket at the till), it is spread by what is left of them.
 */
export function takenOff(till: Till, check: Check, sold: readonly Selection[]): ReadonlyMap<string, Taken> {
  const whole = total(
    till,
    onCheck(check).map((discount) => given(till, discount)),
  );
  const parts = sold.map((selection) => {
    const gross = amount(till, selection.preDiscountPrice).minor;
    const own = Math.min(
      gross,
      total(
        till,
        onSelection(check, selection).map((discount) => given(till, discount)),
      ).minor,
    );
    const price = selection.price ?? undefined;
    return { left: gross - own, shown: price === undefined ? Number.NaN : gross - own - amount(till, price).minor, own };
  });
  const isShown = parts.every(({ shown, left }) => shown >= 0 && shown <= left) && sum(parts.map(({ shown }) => shown)) === whole.minor;
  const spread = till.money.spread(
    whole,
    parts.map(({ left }) => left),
  );
  return new Map(
    sold.map((selection, index) => {
      const { own = 0, left = 0, shown = 0 } = parts[index] ?? {};
      const share = isShown ? shown : Math.min(left, spread[index]?.minor ?? 0);
      return [selection.guid, { own: { minor: own, currency: till.currency }, share: { minor: share, currency: till.currency } }];
    }),
  );
}

const sum = (minors: readonly number[]): number => minors.reduce((all, minor) => all + minor, 0);

/** The texts of a discount in which a code may stand. A reward knows ours; an old one only by the account that was looked up. */
function textsOf(discount: AppliedDiscount, check: Check): string[] {
  const { appliedDiscountReason: reason, loyaltyDetails: loyalty } = discount;
  const isReward = loyalty != null || discount.processingState != null;
  const account = isReward && !loyalty?.referenceId ? check.appliedLoyaltyInfo?.loyaltyIdentifier : undefined;
  return texts(discount.name, loyalty?.referenceId, account, reason?.name, reason?.description, reason?.comment);
}

function hubDiscount(till: Till, discount: AppliedDiscount, check: Check): HubOrderDiscount {
  return {
    externalId: discount.guid,
    name: (discount.name ?? '').slice(0, 1000),
    amount: given(till, discount),
    ...(discount.appliedPromoCode ? { code: discount.appliedPromoCode.slice(0, 1000) } : {}),
    texts: textsOf(discount, check),
  };
}

/** All of a check and its selections. Shares are told where a discount is the only one on the check. */
export function hubDiscounts(till: Till, check: Check, sold: readonly Selection[], taken: ReadonlyMap<string, Taken>): HubOrderDiscount[] {
  const whole = onCheck(check);
  const shares = sold.flatMap(({ guid }) => {
    const share = taken.get(guid)?.share;
    return share && share.minor > 0 ? [{ lineId: guid, amount: share }] : [];
  });
  const [only] = whole;
  const isTold =
    whole.length === 1 && only && sum(shares.map((share) => share.amount.minor)) === given(till, only).minor && shares.length > 0;
  return [
    ...whole.map((discount) => ({ ...hubDiscount(till, discount, check), ...(isTold ? { shares } : {}) })),
    ...sold.flatMap((selection) =>
      onSelection(check, selection).map((discount) => ({ ...hubDiscount(till, discount, check), lineId: selection.guid })),
    ),
  ];
}
