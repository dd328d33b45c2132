import { randomUUID } from 'node:crypto';
import type { HubClient } from '../hub-client.ts';
import { euro } from '../print.ts';
import { store, till } from '../stage.ts';

interface Answer {
  readonly redeem: {
    readonly redemptions?: readonly { readonly amount: { readonly minor: number } }[];
    readonly rejections?: readonly { readonly reason: string; readonly message: string }[];
  };
}

const REDEEM = `mutation ($input: RedeemInput!) { redeem(input: $input) {
  ... on Redeemed { redemptions { amount { minor } } }
  ... on Refused { rejections { reason message } }
} }`;

/** A till of the house's own, which asks the hub: a guest who is known, and somebody with a code that was used. */
export async function serveGuest(hub: HubClient, code: string, say: (text: string) => void): Promise<void> {
  const storeId = await store(hub, { name: 'Málaga' });
  const asking = await till(hub, storeId);
  const redeem = async (customer: object) => {
    const order = {
      externalId: `mesa-${randomUUID().slice(0, 8)}`,
      storeId,
      currency: 'EUR',
      lines: [{ id: '1', sku: 'PLATO', name: 'Plato del día', quantity: '2', unitPrice: 1_600 }],
      ...customer,
    };
    return (await asking.ask<Answer>(REDEEM, { input: { idempotencyKey: randomUUID(), codes: [code], order } })).redeem;
  };
  const { redemptions = [] } = await redeem({ customer: { email: 'ana@example.com' } });
  say(`| Málaga's till asks the hub: ${code} takes ${euro(redemptions[0]?.amount.minor ?? 0)} off 32.00 of Ana.`);
  const { rejections = [] } = await redeem({});
  say(`| Somebody tries the same code again: ${rejections[0]?.reason}. ${rejections[0]?.message}`);
}
