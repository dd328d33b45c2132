import type { HubOrder, HubPayment } from '@valehub/connector-kit';
import { amountOf, type Reading } from './amounts.ts';
import type { Check, Tender } from './schemas.ts';
import { counter, ours, textsOf, VOUCHER } from './texts.ts';

interface Given {
  readonly tender: Tender;
  /** Minor units, with the tip, which a tender's total holds. */
  amount: number;
}

/** Change is a tender with a minus: it takes away from what was given before it. A service total gives nothing. */
export function givenBy(tenders: readonly Tender[], reading: Reading): readonly Given[] {
  const given: Given[] = [];
  for (const tender of tenders) {
    const { minor } = amountOf(reading, tender.total);
    if (minor > 0) given.push({ tender, amount: minor });
    let change = -minor;
    for (const before of minor < 0 ? given.toReversed() : []) {
      const back = Math.min(change, before.amount);
      before.amount -= back;
      change -= back;
    }
  }
  return given.filter(({ amount }) => amount > 0);
}

export function paymentsOf({ tenders }: Check, reading: Reading): readonly HubPayment[] {
  const name = counter();
  const { currency } = reading;
  return givenBy(tenders, reading).map(({ tender, amount }) => {
    const tip = Math.min(Math.max(0, amountOf(reading, tender.chargedTipTotal).minor), amount);
    const code = ours(tender.extensions, VOUCHER);
    return {
      externalId: name(tender.tenderId ?? tender.name ?? 'tender'),
      method: tender.name || tender.tenderId || 'OTHER',
      amount: { minor: amount - tip, currency },
      ...(tip > 0 ? { tip: { minor: tip, currency } } : {}),
      ...(code === undefined ? {} : { code }),
      texts: textsOf([tender.referenceText], tender.extensions),
    };
  });
}

/** A charged tip passes through a service charge that is linked to its tender, so it would be told twice. */
export function chargesOf(check: Check, reading: Reading, tip: number): HubOrder['charges'] {
  const name = counter();
  const automatic = amountOf(reading, check.totals?.autoServiceChargeTotal);
  const charges = check.serviceCharges.map((charge) => ({ charge, amount: amountOf(reading, charge.total) }));
  const isTip = tip > 0 ? charges.findIndex(({ amount }) => amount.minor === tip) : -1;
  return [
    ...charges
      .filter(({ amount }, index) => amount.minor > 0 && index !== isTip)
      .map(({ charge, amount }) => ({
        externalId: name(charge.serviceChargeId ?? 'service-charge'),
        name: charge.name || 'Service charge',
        amount,
      })),
    ...(automatic.minor > 0 ? [{ externalId: 'automatic', name: 'Automatic service charge', amount: automatic }] : []),
  ];
}
