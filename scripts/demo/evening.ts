import { randomUUID } from 'node:crypto';
import type { HubClient } from './hub-client.ts';
import type { SquareCheck, SquareEvent, SquarePlatform } from './square-platform.ts';
import type { Stage } from './stage.ts';

/** What was sent and what was answered, kept by the players themselves: one side of the books. */
export interface Played {
  /** Till answers: what each voucher gave, by code and order. */
  readonly granted: { readonly code: string; readonly minor: number }[];
  readonly refused: { readonly code: string; readonly reason: string }[];
  /** Guests whose ten-percent code was used and who can be written to. */
  readonly guests: string[];
  /** Guests whose mailbox takes no mail. */
  readonly unreachable: string[];
}

interface Answer {
  readonly redeem: {
    readonly redemptions?: readonly { readonly code: string; readonly amount: { readonly minor: number } }[];
    readonly rejections?: readonly { readonly code: string; readonly reason: string }[];
  };
}

const REDEEM = `mutation ($input: RedeemInput!) { redeem(input: $input) {
  ... on Redeemed { redemptions { code amount { minor } } }
  ... on Refused { rejections { code reason } }
} }`;

export async function playTills(stage: Stage, played: Played): Promise<void> {
  const { codes } = stage.tenOff;
  const serve = async (till: HubClient, storeId: string, code: string, plates: number, price: number, email?: string) => {
    const order = {
      externalId: randomUUID(),
      storeId,
      currency: 'EUR',
      lines: [{ id: '1', sku: 'PLATO', name: 'Plato del día', quantity: String(plates), unitPrice: price }],
      ...(email ? { customer: { email } } : {}),
    };
    const { redeem } = await till.ask<Answer>(REDEEM, { input: { idempotencyKey: randomUUID(), codes: [code], order } });
    for (const redemption of redeem.redemptions ?? []) {
      played.granted.push({ code: redemption.code, minor: redemption.amount.minor });
      if (email && codes.includes(redemption.code)) (email.endsWith('@full.example') ? played.unreachable : played.guests).push(email);
    }
    for (const rejection of redeem.rejections ?? []) played.refused.push({ code: rejection.code, reason: rejection.reason });
  };
  const { Sevilla, Málaga, Granada } = stage.stores;
  // Guests with single-use codes, in all three restaurants; one mailbox is full.
  for (let n = 0; n < 12; n += 1) {
    const [till, storeId] =
      n % 3 === 0
        ? ([stage.tills.Sevilla, Sevilla] as const)
        : n % 3 === 1
          ? ([stage.tills.Málaga, Málaga] as const)
          : ([stage.tills.Granada, Granada] as const);
    await serve(till, storeId, codes[n] as string, 2 + (n % 3), 1_250 + 37 * n, `guest${n}@${n === 5 ? 'full' : 'mesa'}.example`);
  }
  // The same code again, a typing error, a code that is nobody's, a check below the minimum.
  await serve(stage.tills.Málaga, Málaga, codes[0] as string, 2, 1_400);
  const typed = codes[20] as string;
  await serve(stage.tills.Málaga, Málaga, `${typed.slice(0, -1)}${(Number(typed.at(-1)) + 1) % 10}`, 2, 1_400);
  await serve(stage.tills.Granada, Granada, 'VERANO2020', 2, 1_400);
  await serve(stage.tills.Granada, Granada, stage.tapeo.word, 1, 900);
  // Everybody wants tapas at once: sixteen tills, one word, twelve times a day.
  await Promise.all(
    Array.from({ length: 16 }, (_, n) =>
      serve(n % 2 ? stage.tills.Sevilla : stage.tills.Málaga, n % 2 ? Sevilla : Málaga, stage.tapeo.word, 2, 1_100 + n),
    ),
  );
}

/** Checks of Square tills, which know nothing of the hub: it hears of them by webhooks, repeated and shuffled. */
export async function playSquare(stage: Stage, square: SquarePlatform): Promise<void> {
  const { codes } = stage.tenOff;
  const check = (n: number, given: Partial<SquareCheck>): SquareCheck => ({
    id: `CHECK-${n}`,
    location: n % 2 ? square.locations.Sevilla : square.locations.Granada,
    plates: 3,
    price: 1_500,
    discount: null,
    state: 'COMPLETED',
    returned: 0,
    ...given,
  });
  // Paid with a voucher; the events of each come in another order.
  const orders: readonly (readonly SquareEvent[])[] = [
    ['order.created', 'order.updated', 'payment.created', 'payment.updated'],
    ['payment.updated', 'order.updated', 'order.created'],
    ['order.updated', 'order.updated', 'payment.created'],
  ];
  for (let n = 0; n < 9; n += 1) {
    const paid = check(n, {
      plates: 2 + (n % 3),
      discount: { name: `Vale ${codes[30 + n]}`, amount: Math.floor(((2 + (n % 3)) * 1_500) / 10) },
    });
    await square.tell(paid, orders[n % 3] ?? []);
  }
  // Without a voucher.
  await square.tell(check(20, {}), ['order.updated', 'payment.updated']);
  // A code that a till used an hour ago: recorded, refused, for a person to look at.
  await square.tell(check(21, { discount: { name: `Vale ${codes[1]}`, amount: 450 } }), ['payment.updated', 'order.updated']);
  // One plate of the first check comes back; the second check is voided.
  const [first, second] = square.checks as [SquareCheck, SquareCheck];
  first.returned = 1;
  await square.tell(first, ['refund.created', 'refund.updated', 'order.updated']);
  second.state = 'CANCELED';
  await square.tell(second, ['order.updated']);
}
