import { randomUUID } from 'node:crypto';
import { forgerFor } from '@valehub/connector-kit/testing';
import connector from '@valehub/connector-webhooks';
import { startReceiver } from '../../../plugins/webhooks/test/stand-in.ts';
import { Kept } from '../kept.ts';
import type { Address, ChaosPlatform, Deed, Idea, Truth } from '../platform.ts';
import { letterOf } from '../post.ts';
import { sharesOver, sum } from '../sharing.ts';

const LOCATION = 'house';
const eur = (minor: number) => ({ minor, currency: 'EUR' });

interface Known {
  readonly idea: Idea;
  /** What its discount is by now. */
  amount: number;
  state: Truth['state'];
  back: Truth['back'];
  refunded: number;
  /** What is being posted about it. */
  telling: Promise<number>;
}

/** Any system by Standard Webhooks: its events carry whole orders, and nothing can be asked of it. */
export async function webhooks(now: () => number): Promise<ChaosPlatform> {
  let address: Address = { url: '', post: '' };
  const system = await startReceiver({
    now,
    location: LOCATION,
    get hub() {
      return address.post;
    },
  });
  const signer = forgerFor(connector, { incomingSecret: String(system.settings['incomingSecret']) });
  const known = new Kept<Known>();
  let count = 0;

  const netOf = ({ idea, amount }: Known): number[] => {
    const shares = sharesOver(idea.dishes, amount);
    return idea.dishes.map(({ unit, quantity }, at) => unit * quantity - (shares[at] ?? 0));
  };

  function post(id: string): Promise<number> {
    const { idea, amount, state } = known.of(id);
    const shares = sharesOver(idea.dishes, amount);
    const discounts = amount === 0 ? [] : [{ externalId: 'd-1', name: `Vale ${idea.discount?.code}`, amount: eur(amount), texts: [] }];
    const total = eur(sum(idea.dishes.map(({ unit, quantity }) => unit * quantity)) - amount);
    return system.addOrder({
      externalId: id,
      state,
      lines: idea.dishes.map(({ name, sku, unit, quantity }, at) => ({
        id: `line-${at}`,
        sku,
        name,
        quantity: String(quantity),
        unitPrice: eur(unit),
        gross: eur(unit * quantity),
        discount: eur(shares[at] ?? 0),
      })),
      discounts: discounts.map((discount) => ({
        ...discount,
        shares: shares.map((share, at) => ({ lineId: `line-${at}`, amount: eur(share) })),
      })),
      payments: state === 'OPEN' ? [] : [{ externalId: `${id}-cash`, method: 'CASH', amount: total, texts: [] }],
    });
  }

  function refund(id: string, places: readonly number[], amount: number): Promise<number> {
    const { idea } = known.of(id);
    const lines = places.map((place) => ({ lineId: `line-${place}`, quantity: String(idea.dishes[place]?.quantity ?? 0) }));
    return system.refund(id, { externalId: `${id}-refund`, amount: eur(amount), at: new Date(now()).toISOString(), lines });
  }

  const deeds: Readonly<Record<Deed, (id: string, order: Known) => Promise<number>>> = {
    pay(id, order) {
      order.state = 'PAID';
      return post(id);
    },
    edit(id, order) {
      order.amount = order.amount % 2 === 0 ? order.amount / 2 : 0;
      return post(id);
    },
    refundDish(id, order) {
      order.refunded = netOf(order)[0] ?? 0;
      order.back = ['line-0'];
      return refund(id, [0], order.refunded);
    },
    refundAll(id, order) {
      order.refunded = sum(netOf(order));
      order.back = 'all';
      return refund(id, [...order.idea.dishes.keys()], order.refunded);
    },
    void(id, order) {
      order.state = 'VOIDED';
      return system.voidOrder(id);
    },
    delete(id, order) {
      order.state = 'VOIDED';
      return system.deleteOrder(id);
    },
  };

  return {
    id: 'webhooks',
    currency: 'EUR',
    url: system.platform.url,
    settings: system.settings,
    locations: [LOCATION],
    feeds: [],
    deeds: ['pay', 'edit', 'refundDish', 'refundAll', 'void', 'delete'],
    untold: [],
    required: [],
    connected(at) {
      address = at;
    },
    place(idea) {
      count += 1;
      const id = `order-${count}`;
      const order: Known = {
        idea,
        amount: idea.discount?.amount ?? 0,
        state: idea.paid ? 'PAID' : 'OPEN',
        back: [],
        refunded: 0,
        telling: Promise.resolve(0),
      };
      known.set(id, order);
      order.telling = post(id);
      return id;
    },
    do(deed, id) {
      const order = known.of(id);
      order.telling = deeds[deed](id, order);
    },
    truth(id): Truth {
      const { idea, amount, state, back, refunded } = known.of(id);
      const lines = idea.dishes.map(({ unit, quantity }) => unit * quantity);
      return { id, state, lines, takenOff: amount, refunded, codes: amount > 0 ? { [idea.discount?.code ?? '']: amount } : {}, back };
    },
    tell: (id) => known.of(id).telling,
    sign: (body) => letterOf(signer, address, body, headersOf(randomUUID()), now()),
    unknownEvent: (name) =>
      letterOf(
        signer,
        address,
        JSON.stringify({ type: `invented.${name}`, timestamp: new Date(now()).toISOString(), data: { a: 1 } }),
        headersOf(name),
        now(),
      ),
    close: () => system.close(),
  };
}

const headersOf = (id: string): (readonly [string, string])[] => [
  ['content-type', 'application/json'],
  ['webhook-id', id],
];
