import { randomUUID } from 'node:crypto';
import type { HubClient } from './hub-client.ts';
import { euro } from './print.ts';
import { activate, campaign, codes } from './stage.ts';

/** What one till with everything does: a gift card spent in parts, vouchers that a check earns, a plate that comes back. */
export interface Counter {
  readonly till: HubClient;
  readonly storeId: string;
  /** 50.00 on one card. */
  readonly gift: { readonly id: string; readonly code: string };
  /** Four euro for each full 20.00 of a paid check. */
  readonly earned: string;
  /** Five euro off from 30.00; where the rest comes to less, they come back. */
  readonly five: { readonly id: string; readonly code: string };
}

/** What the till sent and heard. */
export interface AtCounter {
  /** Cents that the gift card paid. */
  paid: number;
  printed: number;
  recorded: number;
  /** Cents of a discount that came back with a plate. */
  clawedBack: number;
}

export const EMPTY_COUNTER: Readonly<AtCounter> = { paid: 0, printed: 0, recorded: 0, clawedBack: 0 };

const EUR = (minor: number) => ({ minor, currency: 'EUR' });

export async function setCounter(hub: HubClient, till: HubClient, storeId: string): Promise<Counter> {
  const storeIds = [storeId];
  const gift = await campaign(hub, { name: 'Tarjeta regalo', storeIds, incentive: { giftBalance: { value: EUR(5_000) } } });
  const earned = await campaign(hub, {
    name: 'Cuatro euros por volver',
    storeIds,
    incentive: { amountOff: { amount: EUR(400) } },
    issuance: { everyAmount: 2_000, validAfter: 'P1D', validFor: 'P30D' },
  });
  const five = await campaign(hub, {
    name: 'Cinco de treinta',
    storeIds,
    incentive: { amountOff: { amount: EUR(500) } },
    conditions: { minimumOrder: 3_000 },
    reversalPolicy: 'CLAW_BACK',
  });
  for (const id of [gift, earned, five]) await activate(hub, 'Campaign', id);
  const [card] = await codes(hub, gift, 1, 'GC');
  const [off] = await codes(hub, five, 1, 'CT');
  return { till, storeId, gift: { id: gift, code: card as string }, earned, five: { id: five, code: off as string } };
}

interface Redeemed {
  readonly redeem: {
    readonly redemptions: readonly {
      readonly id: string;
      readonly amount: { readonly minor: number };
      readonly voucher: { readonly balance: { readonly minor: number } | null };
    }[];
    readonly order: { readonly due: { readonly minor: number } };
  };
}

const REDEEM = `mutation ($input: RedeemInput!) { redeem(input: $input) { ... on Redeemed {
  redemptions { id amount { minor } voucher { balance { minor } } } order { due { minor } }
} } }`;
const RECORD = `mutation ($input: OrderInput!) { recordOrder(input: $input) { issued { code serial value { minor } validFrom validUntil campaign { id } } } }`;
const REVERSE = `mutation ($input: ReverseInput!) { reverse(input: $input) { ... on Reversed { reversals { amount { minor } voucher { status } order { due { minor } } } } } }`;

interface Recorded {
  readonly recordOrder: {
    readonly issued: readonly {
      readonly code: string;
      readonly serial: number;
      readonly value: { readonly minor: number };
      readonly validFrom: string;
      readonly validUntil: string;
      readonly campaign: { readonly id: string };
    }[];
  };
}
interface Reversed {
  readonly reverse: {
    readonly reversals: readonly {
      readonly amount: { readonly minor: number };
      readonly voucher: { readonly status: string };
      readonly order: { readonly due: { readonly minor: number } };
    }[];
  };
}

export async function playCounter(counter: Counter, at: AtCounter, say: (text: string) => void): Promise<void> {
  const { till, storeId, gift, five } = counter;
  const order = (...prices: number[]) => ({
    externalId: randomUUID(),
    storeId,
    currency: 'EUR',
    lines: prices.map((unitPrice, n) => ({ id: String(n + 1), sku: 'PLATO', name: 'Plato del día', unitPrice })),
  });
  const redeem = async (code: string, ...prices: number[]) =>
    (await till.ask<Redeemed>(REDEEM, { input: { idempotencyKey: randomUUID(), codes: [code], order: order(...prices) } })).redeem;

  for (const price of [1_840, 2_200, 1_500]) {
    const { redemptions, order: bill } = await redeem(gift.code, price);
    const [part] = redemptions as [Redeemed['redeem']['redemptions'][number]];
    at.paid += part.amount.minor;
    say(
      `| gift card ${gift.code}: paid ${euro(part.amount.minor)} of ${euro(price)}, ${euro(bill.due.minor)} to pay, ${euro(part.voucher.balance?.minor ?? 0)} left on it`,
    );
  }

  const { recordOrder } = await till.ask<Recorded>(RECORD, {
    input: { ...order(2_600, 1_750), payments: [{ method: 'CARD', amount: 4_350 }] },
  });
  at.recorded += 1;
  // A hub that runs already may have campaigns of its own that this check earns from.
  const ours = recordOrder.issued.filter((voucher) => voucher.campaign.id === counter.earned);
  at.printed += ours.length;
  say('| a check of 43.50 is paid; the till prints below it:');
  for (const voucher of ours)
    say(
      `|   VALE ${euro(voucher.value.minor)} EUR  no. ${voucher.serial}  ${voucher.code}  ${voucher.validFrom.slice(0, 10)} to ${voucher.validUntil.slice(0, 10)}`,
    );

  const { redemptions, order: bill } = await redeem(five.code, 2_000, 1_500);
  const [off] = redemptions as [Redeemed['redeem']['redemptions'][number]];
  const back = { idempotencyKey: randomUUID(), redemptionId: off.id, units: [{ lineId: '2', quantity: '1' }], reason: 'plate sent back' };
  const { reverse } = await till.ask<Reversed>(REVERSE, { input: back });
  const [returned] = reverse.reversals as [Reversed['reverse']['reversals'][number]];
  at.clawedBack += returned.amount.minor;
  say(
    `| five off from 30.00: 35.00 came to ${euro(bill.due.minor)}; the plate of 15.00 goes back, so do ${euro(returned.amount.minor)} of the discount: ${euro(returned.order.due.minor)} to pay, the voucher is ${returned.voucher.status} again`,
  );
}
