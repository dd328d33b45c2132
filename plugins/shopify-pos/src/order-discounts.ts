import type { HubOrderDiscount, Money, MoneyKit } from '@valehub/connector-kit';
import type { Allocation, LineItem, Order } from './order-schemas.ts';
import { words } from './words.ts';

type Application = Allocation['discountApplication'];

interface Given {
  readonly application: Application;
  readonly shares: { readonly lineId: string; readonly amount: Money }[];
  readonly onShipping: Money[];
}

const KINDS: Readonly<Record<string, string>> = {
  DiscountCodeApplication: 'code',
  AutomaticDiscountApplication: 'automatic',
  ManualDiscountApplication: 'manual',
  ScriptDiscountApplication: 'script',
};

const kindOf = ({ __typename: type }: Application): string => KINDS[type] ?? type;
const labelOf = ({ code, title, description }: Application): string => code || title || description || '';

/** What an edit of the order adds is numbered anew, so the number alone does not say which discount it is. */
const keyOf = (application: Application): string => JSON.stringify([application.index, kindOf(application), labelOf(application)]);

/** Every discount with what it really took off, line by line and off the delivery. */
export function discounts(order: Order, items: readonly LineItem[], money: MoneyKit): HubOrderDiscount[] {
  const given = new Map<string, Given>();
  const at = (application: Application): Given => {
    const key = keyOf(application);
    const known = given.get(key) ?? { application, shares: [], onShipping: [] };
    given.set(key, known);
    return known;
  };
  for (const { id: lineId, discountAllocations } of items)
    for (const { discountApplication, allocatedAmountSet: amount } of discountAllocations)
      if (amount.minor > 0) at(discountApplication).shares.push({ lineId, amount });
  for (const { discountAllocations } of order.shippingLines)
    for (const { discountApplication, allocatedAmountSet: amount } of discountAllocations)
      if (amount.minor > 0) at(discountApplication).onShipping.push(amount);
  const taken = new Set<string>();
  return [...given.values()].map((each) => discount(each, order.currencyCode, uniqueId(each.application, taken), money));
}

function uniqueId(application: Application, taken: Set<string>): string {
  const base = `${application.index}-${kindOf(application)}`;
  let id = base;
  for (let again = 2; taken.has(id); again += 1) id = `${base}-${again}`;
  taken.add(id);
  return id;
}

function discount({ application, shares, onShipping }: Given, currency: string, externalId: string, money: MoneyKit): HubOrderDiscount {
  const amounts = shares.map(({ amount }) => amount);
  const [first] = shares;
  return {
    externalId,
    name: labelOf(application),
    amount: money.sum([...amounts, ...onShipping], currency),
    // Put by hand on this one line, and not merely left with one line to lie on.
    ...(application.targetSelection === 'EXPLICIT' && first && shares.length === 1 ? { lineId: first.lineId } : {}),
    ...(shares.length > 0 && onShipping.length === 0 ? { shares: merged(shares, currency, money) } : {}),
    ...(application.code ? { code: application.code } : {}),
    texts: words(application.title, application.description),
  };
}

/** One share a line, whatever it was allocated in. */
function merged(shares: Given['shares'], currency: string, money: MoneyKit): Given['shares'] {
  const lines = [...new Set(shares.map(({ lineId }) => lineId))];
  return lines.map((lineId) => ({
    lineId,
    amount: money.sum(
      shares.filter((share) => share.lineId === lineId).map(({ amount }) => amount),
      currency,
    ),
  }));
}
