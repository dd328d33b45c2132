import { type HubOrder, type Money, moneyKit } from '@valehub/connector-kit';
import { refuse } from './parse.ts';

type Fault = readonly [path: string, why: string];

function* foreignMoney(value: unknown, currency: string, path: string): Generator<Fault> {
  if (typeof value !== 'object' || value === null) return;
  if ('minor' in value && 'currency' in value && value.currency !== currency)
    yield [`${path}.currency`, `not ${currency}, as the order is`];
  for (const [name, member] of Object.entries(value)) yield* foreignMoney(member, currency, `${path}.${name}`);
}

function* doubled(list: readonly string[], path: string, name: string): Generator<Fault> {
  const seen = new Set<string>();
  for (const [index, id] of list.entries()) {
    if (seen.has(id)) yield [`${path}.${index}.${name}`, 'it stands twice'];
    seen.add(id);
  }
}

const differs = (a: Money, b: Money): boolean => a.minor !== b.minor;

function* lineFaults({ lines }: HubOrder): Generator<Fault> {
  for (const [index, { quantity, unitPrice, gross, discount }] of lines.entries()) {
    const path = `data.lines.${index}`;
    if (!/[1-9]/.test(quantity)) yield [`${path}.quantity`, 'nothing was sold; leave the line out'];
    if (differs(moneyKit.times(unitPrice, quantity), gross))
      yield [`${path}.gross`, 'not unitPrice times quantity, rounded half away from zero'];
    if (discount.minor > gross.minor) yield [`${path}.discount`, 'more than the gross of the line'];
  }
}

function* discountFaults({ discounts, lines, currency }: HubOrder): Generator<Fault> {
  const known = new Set(lines.map(({ id }) => id));
  for (const [index, { amount, lineId, shares }] of discounts.entries()) {
    const path = `data.discounts.${index}`;
    if (lineId !== undefined && !known.has(lineId)) yield [`${path}.lineId`, 'there is no such line'];
    for (const [place, share] of (shares ?? []).entries())
      if (!known.has(share.lineId)) yield [`${path}.shares.${place}.lineId`, 'there is no such line'];
    const given = shares?.map((share) => share.amount);
    if (given && differs(moneyKit.sum(given, currency), amount)) yield [`${path}.shares`, 'they do not come to the amount of the discount'];
  }
}

function* refundFaults({ refunds, lines }: HubOrder): Generator<Fault> {
  const known = new Set(lines.map(({ id }) => id));
  for (const [index, refund] of refunds.entries())
    for (const [place, { lineId }] of (refund.lines ?? []).entries())
      if (!known.has(lineId)) yield [`data.refunds.${index}.lines.${place}.lineId`, 'there is no such line'];
}

function* faultsOf(order: HubOrder): Generator<Fault> {
  yield* foreignMoney(order, order.currency, 'data');
  yield* doubled(
    order.lines.map(({ id }) => id),
    'data.lines',
    'id',
  );
  for (const list of ['discounts', 'payments', 'refunds', 'charges'] as const)
    yield* doubled(
      order[list].map(({ externalId }) => externalId),
      `data.${list}`,
      'externalId',
    );
  yield* lineFaults(order);
  yield* discountFaults(order);
  yield* refundFaults(order);
}

/** An order that adds up; else the sender hears which figure does not. Nobody can be asked again, so nothing is guessed. */
export function sound(order: HubOrder, type: string): HubOrder {
  for (const [path, why] of faultsOf(order)) refuse(type, path, why);
  return order;
}
