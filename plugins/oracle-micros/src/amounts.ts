import type { HubOrderDiscount, Money, MoneyKit } from '@valehub/connector-kit';
import type { CheckDiscount } from './schemas.ts';
import { ours, textsOf, VOUCHER } from './texts.ts';

export interface Reading {
  readonly money: MoneyKit;
  readonly currency: string;
}

/** Amounts come in major units without a currency; an absent one is nothing. */
export const amountOf = ({ money, currency }: Reading, text: string | null | undefined): Money => money.fromMajor(text ?? '0', currency);

/** A discount with what is left of it, in minor units. */
export interface Reduction {
  readonly told: CheckDiscount;
  amount: number;
}

/**
 * Simphony writes what is taken off with a minus in one place and without in another. What has another sign than the first of its kind
 * takes that one back.
 */
export function reductionsOf(discounts: readonly CheckDiscount[], reading: Reading): Reduction[] {
  const all: Reduction[] = [];
  for (const told of discounts) {
    const { minor } = amountOf(reading, told.total);
    const same = all.filter((earlier) => earlier.told.discountId === told.discountId);
    const [first] = same;
    if (!first || Math.sign(amountOf(reading, first.told.total).minor) === Math.sign(minor)) {
      all.push({ told, amount: Math.abs(minor) });
      continue;
    }
    let back = Math.abs(minor);
    for (const earlier of same.toReversed()) {
      const part = Math.min(back, earlier.amount);
      earlier.amount -= part;
      back -= part;
    }
  }
  return all.filter(({ amount }) => amount > 0);
}

/** A discount as the hub takes it; a voucher that the hub itself put there carries its whole code in our extension. */
export const discountOf = (told: CheckDiscount, externalId: string, amount: Money): HubOrderDiscount => {
  const code = ours(told.extensions, VOUCHER);
  return {
    externalId,
    name: told.name ?? '',
    amount,
    ...(code === undefined ? {} : { code }),
    texts: textsOf([told.referenceText, told.name], told.extensions),
  };
};
