import { forgerFor } from '@valehub/connector-kit/testing';
import connector from '@valehub/connector-shopify-pos';
import { type ShopifyStandIn, startShopify } from '../../../plugins/shopify-pos/test/stand-in.ts';
import { gid } from '../../../plugins/shopify-pos/test/stand-in-orders.ts';
import { plain } from '../http.ts';
import { Kept } from '../kept.ts';
import type { Address, ChaosPlatform, Deed, Idea, Truth } from '../platform.ts';
import { letterOf } from '../post.ts';
import { sharesOver, sum } from '../sharing.ts';

const TOPICS: Readonly<Record<Deed | 'place', string>> = {
  place: 'orders/create',
  pay: 'orders/paid',
  edit: 'orders/updated',
  refundDish: 'orders/updated',
  refundAll: 'orders/updated',
  void: 'orders/cancelled',
  delete: 'orders/delete',
};

interface Known {
  readonly idea: Idea;
  readonly shares: readonly number[];
  /** The places of the dishes that came back. */
  back: 'all' | readonly number[];
  refunded: number;
  isGone: boolean;
}

/** Tells little by its webhooks, so the hub reads every order by GraphQL; refunds are read one by one. */
export async function shopifyPos(now: () => number): Promise<ChaosPlatform> {
  const shop: ShopifyStandIn = await startShopify({ now });
  // Only so can a deleted order be told from one that is too old to be shown.
  shop.shop.scopes.push('read_all_orders');
  const known = new Kept<Known>();
  const signer = forgerFor(connector, { clientSecret: shop.clientSecret });
  let address: Address = { url: '', post: '' };
  const netOf = ({ idea, shares }: Known): number[] => idea.dishes.map(({ unit, quantity }, at) => unit * quantity - (shares[at] ?? 0));
  const lineIds = (id: string): readonly number[] => shop.shop.orders.get(gid('Order', id))?.lineIds ?? [];

  function giveBack(id: string, places: readonly number[], amount: number): void {
    const order = known.of(id);
    shop.refund(
      id,
      places.map((line) => ({ line, quantity: order.idea.dishes[line]?.quantity ?? 0 })),
      amount,
    );
    order.refunded += amount;
    order.back = places.length === order.idea.dishes.length ? 'all' : places;
  }

  const deeds: Readonly<Record<Deed, (id: string, order: Known) => void>> = {
    pay: (id, order) => shop.pay(id, 'shopify_payments', sum(netOf(order)) + order.idea.tip),
    // What an edit takes off comes as a refund of nothing.
    edit: (id) => giveBack(id, [0], 0),
    refundDish: (id, order) => giveBack(id, [0], netOf(order)[0] ?? 0),
    refundAll: (id, order) => giveBack(id, [...order.idea.dishes.keys()], sum(netOf(order))),
    void: (id) => shop.voidOrder(id),
    delete(id, order) {
      order.isGone = true;
      shop.deleteOrder(id);
    },
  };

  return {
    id: 'shopify-pos',
    currency: 'EUR',
    url: shop.url,
    settings: { ...shop.settings, clientId: shop.clientId },
    locations: ['7001'],
    feeds: ['orders'],
    deeds: ['pay', 'edit', 'refundDish', 'refundAll', 'void', 'delete'],
    untold: ['delete'],
    required: ['updatedAt', 'totalPriceSet'],
    forgets({ body }) {
      const text = body.toString();
      return text.includes('query ChangedOrders') && !text.includes('"after":null')
        ? plain(200, [], JSON.stringify({ errors: [{ message: 'Invalid cursor for current pagination sort.' }] }))
        : undefined;
    },
    connected(at) {
      address = at;
    },
    place(idea) {
      const shares = idea.discount === null ? [] : sharesOver(idea.dishes, idea.discount.amount);
      const id = shop.addOrder({
        lines: idea.dishes.map(({ name, ...dish }) => ({ title: name, ...dish })),
        ...(idea.discount === null ? {} : { discounts: [{ kind: 'code', label: idea.discount.code, shares }] }),
        ...(idea.tip > 0 ? { tip: idea.tip } : {}),
        ...(idea.paid ? {} : { payments: [] }),
      });
      known.set(id, { idea, shares, back: [], refunded: 0, isGone: false });
      return id;
    },
    do: (deed, id) => deeds[deed](id, known.of(id)),
    truth(id): Truth {
      const { idea, back, refunded, isGone } = known.of(id);
      const { code = '', amount = 0 } = idea.discount ?? {};
      const lines = idea.dishes.map(({ unit, quantity }) => unit * quantity);
      const told = isGone ? undefined : shop.truth(id);
      return {
        id,
        state: told?.state ?? 'VOIDED',
        lines,
        takenOff: told?.takenOff ?? amount,
        refunded: told?.refunded ?? refunded,
        codes: amount > 0 ? { [code]: amount } : {},
        back: back === 'all' ? back : back.map((place) => String(lineIds(id)[place])),
      };
    },
    tell: (id, deed) => {
      const how = { to: () => address.post };
      return deed === 'delete' ? shop.send(TOPICS.delete, { id: Number(id) }, how) : shop.deliverOrder(TOPICS[deed], id, how);
    },
    sign: (body) =>
      letterOf(
        signer,
        address,
        body,
        [...headersOf('orders/updated', shop.domain), ['X-Shopify-Webhook-Id', `w-${shop.shop.nextId()}`]],
        now(),
      ),
    unknownEvent: (name) =>
      letterOf(
        signer,
        address,
        JSON.stringify({ id: 7 }),
        [...headersOf(`inventions/${name}`, shop.domain), ['X-Shopify-Webhook-Id', name]],
        now(),
      ),
    close: () => shop.close(),
  };
}

const headersOf = (topic: string, domain: string): (readonly [string, string])[] => [
  ['content-type', 'application/json'],
  ['X-Shopify-Topic', topic],
  ['X-Shopify-Shop-Domain', domain],
];
