import { randomUUID } from 'node:crypto';
import { forgerFor } from '@valehub/connector-kit/testing';
import connector from '@valehub/connector-square';
import { type SquareStandIn, startSquare } from '../../../plugins/square/test/stand-in.ts';
import { plain } from '../http.ts';
import { Kept, Reckoning } from '../kept.ts';
import type { Address, ChaosPlatform, Deed, Idea, Truth } from '../platform.ts';
import { letterOf } from '../post.ts';
import { dueOf, sharesOver, sum } from '../sharing.ts';

const LOCATION = 'L-1';
const JSON_TYPE = [['content-type', 'application/json']] as const;
const COURTESY = 50;

interface Known {
  readonly idea: Idea;
  back: Truth['back'];
  refundId: string | undefined;
}

/** Tells that an order has changed, and is asked for it, its payments and its refunds one by one. What comes back is an order of its own. */
export async function square(now: () => number): Promise<ChaosPlatform> {
  const seller: SquareStandIn = await startSquare({ now });
  const known = new Kept<Known>();
  let address: Address = { url: '', post: '' };
  const reckoning = new Reckoning(() => seller.truth());
  const signer = () => {
    const [subscription] = seller.subscriptions.values();
    return forgerFor(connector, { webhookSignatureKey: subscription?.signature_key ?? '' });
  };

  function giveBack(id: string, places: readonly number[]): void {
    const order = known.of(id);
    const { dishes, discount } = order.idea;
    const shares = sharesOver(dishes, discount?.amount ?? 0);
    const units = places.map((line) => ({ line, quantity: String(dishes[line]?.quantity ?? 0) }));
    const isAll = places.length === dishes.length;
    const amount = sum(places.map((at) => (dishes[at]?.unit ?? 0) * (dishes[at]?.quantity ?? 0) - (shares[at] ?? 0)));
    order.refundId = seller.refund(id, units, amount);
    order.back = isAll ? 'all' : places.map((place) => `line-${place + 1}`);
  }

  const deeds: Readonly<Record<Deed, (id: string) => void>> = {
    pay(id) {
      const { idea } = known.of(id);
      seller.pay(id, { amount: dueOf(idea), ...(idea.tip > 0 ? { tip: idea.tip } : {}) });
    },
    edit: (id) => seller.discount(id, { name: 'Cortesía', amount: COURTESY }),
    refundDish: (id) => giveBack(id, [0]),
    refundAll: (id) => giveBack(id, [...known.of(id).idea.dishes.keys()]),
    void: (id) => seller.voidOrder(id),
    delete: () => undefined,
  };

  return {
    id: 'square',
    currency: 'EUR',
    url: seller.url,
    settings: { ...seller.settings, ...seller.ownSettings },
    locations: [LOCATION],
    feeds: ['orders'],
    deeds: ['pay', 'edit', 'refundDish', 'refundAll', 'void'],
    untold: [],
    required: ['created_at', 'merchant'],
    forgets: ({ path, body }) =>
      path === '/v2/orders/search' && (JSON.parse(body.toString()) as { readonly cursor?: string }).cursor !== undefined
        ? plain(400, [], JSON.stringify({ errors: [{ category: 'INVALID_REQUEST_ERROR', code: 'INVALID_CURSOR', field: 'cursor' }] }))
        : undefined,
    connected(at) {
      address = at;
    },
    place(idea) {
      reckoning.happened();
      const id = seller.addOrder({
        location: LOCATION,
        lines: idea.dishes.map(({ name, sku, unit, quantity }) => ({ name, catalogId: sku, price: unit, quantity: String(quantity) })),
        discounts: idea.discount === null ? [] : [{ name: `Vale ${idea.discount.code}`, amount: idea.discount.amount }],
      });
      known.set(id, { idea, back: [], refundId: undefined });
      if (idea.paid) deeds.pay(id);
      return id;
    },
    do(deed, id) {
      reckoning.happened();
      deeds[deed](id);
    },
    truth(id): Truth {
      const { idea, back } = known.of(id);
      const { state, discount, refunded } = reckoning.of(id);
      const codes = idea.discount === null ? {} : { [idea.discount.code]: idea.discount.amount };
      return { id, state, lines: idea.dishes.map(({ unit, quantity }) => unit * quantity), takenOff: discount, refunded, codes, back };
    },
    tell(id, deed) {
      const to = { to: () => address.post };
      const { refundId } = known.of(id);
      return (deed === 'refundDish' || deed === 'refundAll') && refundId !== undefined
        ? seller.deliverRefund(refundId, to)
        : seller.deliverOrder(id, deed === 'place' ? 'order.created' : 'order.updated', to);
    },
    sign: (body) => letterOf(signer(), address, body, JSON_TYPE, now()),
    unknownEvent: (name) =>
      letterOf(
        signer(),
        address,
        JSON.stringify({
          merchant_id: seller.merchant,
          type: `inventions.${name}`,
          event_id: randomUUID(),
          created_at: new Date(now()).toISOString(),
          data: { type: 'invention', id: name, object: {} },
        }),
        JSON_TYPE,
        now(),
      ),
    close: () => seller.close(),
  };
}
