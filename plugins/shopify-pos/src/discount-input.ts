import { CallError, exactNumber, type JsonBody, type Money, moneyKit, type Publication } from '@valehub/connector-kit';
import { itemsInput } from './discount-items.ts';
import type { ShopCtx } from './settings.ts';

/** Shopify has a mutation for each kind. */
export type DiscountKind = 'basic' | 'freeShipping';

const unable = (message: string, path: string): never => {
  throw new CallError({ code: 'NOT_SUPPORTED', message, path });
};

/** Throws NOT_SUPPORTED for what Shopify has no discount code for. */
export function kindOf({ incentive, items }: Publication): DiscountKind {
  switch (incentive.kind) {
    case 'percentOff':
      if (incentive.maximum) unable('A percentage at Shopify has no greatest amount.', 'incentive.maximum');
      return 'basic';
    case 'amountOff':
      return 'basic';
    case 'freeDelivery':
      if (items) unable('Free delivery at Shopify is for the whole order, not for some of its items.', 'items');
      return 'freeShipping';
    case 'freeItem':
      return unable(
        'A code at Shopify makes an item free only along with another that is bought, or makes every unit of it free.',
        'incentive',
      );
  }
}

/** Amounts are in the shop's currency, and in no other. */
function major(amount: Money, ctx: ShopCtx, path: string): string {
  const { currency } = ctx.facts;
  if (currency && currency !== amount.currency)
    throw new CallError({ code: 'BAD_INPUT', message: `The shop's currency is ${currency}, the amount is in ${amount.currency}.`, path });
  return moneyKit.toMajor(amount);
}

const value = ({ incentive }: Publication, ctx: ShopCtx): JsonBody => {
  if (incentive.kind === 'amountOff')
    return { discountAmount: { amount: major(incentive.amount, ctx, 'incentive.amount'), appliesOnEachItem: false } };
  // A share of one, without a float: 12.5 percent are 12.5e-2.
  return { percentage: incentive.kind === 'percentOff' ? exactNumber(`${incentive.percent}e-2`) : 0 };
};

/** With the discount as it is (`have`), an update: what is not wanted any more is taken away. Codes are not part of it. */
export async function discountInput(ctx: ShopCtx, publication: Publication, have?: string): Promise<{ readonly [name: string]: JsonBody }> {
  const isUpdate = have !== undefined;
  const kind = kindOf(publication);
  const { name, startsAt, endsAt, minimumOrder, usesPerCode, usesPerCustomer, combines } = publication;
  const cleared = (input: { readonly [name: string]: JsonBody }) => (isUpdate ? input : {});
  const together = combines ?? true;
  return {
    title: name,
    ...(startsAt ? { startsAt } : isUpdate ? {} : { startsAt: ctx.now() }),
    ...(endsAt ? { endsAt } : cleared({ endsAt: null })),
    ...(usesPerCode ? { usageLimit: usesPerCode } : cleared({ usageLimit: null })),
    // Shopify knows once a customer or any number of times: of more than once the hub keeps count.
    appliesOncePerCustomer: usesPerCustomer === 1,
    context: { all: 'ALL' },
    ...(minimumOrder
      ? { minimumRequirement: { subtotal: { greaterThanOrEqualToSubtotal: major(minimumOrder, ctx, 'minimumOrder') } } }
      : cleared({ minimumRequirement: null })),
    // Two free deliveries of one order make no sense, and Shopify refuses to be told of them.
    combinesWith: { orderDiscounts: together, productDiscounts: together, ...(kind === 'basic' ? { shippingDiscounts: together } : {}) },
    ...(kind === 'basic'
      ? { customerGets: { value: value(publication, ctx), items: await itemsInput(ctx, publication.items, have) } }
      : { destination: { all: true } }),
  };
}
