import { forgerFor } from '@valehub/connector-kit/testing';
import connector from '@valehub/connector-toast';
import type { CheckDraft, DiscountDraft } from '../../../plugins/toast/test/order.ts';
import { startToast } from '../../../plugins/toast/test/stand-in.ts';
import { Kept } from '../kept.ts';
import type { Address, ChaosPlatform, Deed, Idea, Truth } from '../platform.ts';
import { letterOf } from '../post.ts';
import { sum } from '../sharing.ts';

const RESTAURANT = 'restaurant-one';
const JSON_TYPE = [['content-type', 'application/json']] as const;

interface Known {
  readonly idea: Idea;
  back: Truth['back'];
}

/** Each of its events carries the whole order, as it was when it was sent; a sweep reads what was changed. */
export async function toast(now: () => number): Promise<ChaosPlatform> {
  const house = await startToast({ now });
  const signer = forgerFor(connector, house.keys);
  const known = new Kept<Known>();
  let address: Address = { url: '', post: '' };
  let count = 0;
  const checkOf = (id: string): CheckDraft => drafts.get(id) ?? { guid: '', lines: [] };
  const drafts = new Map<string, CheckDraft>();
  const totalOf = (id: string): number => Math.round(Number(house.order(id)?.['checks'] === undefined ? 0 : house.truth(id).total));

  function change(id: string, made: (check: CheckDraft) => CheckDraft): void {
    const next = made(checkOf(id));
    drafts.set(id, next);
    house.changeChecks(id, () => next);
  }
  const paid = (id: string, check: CheckDraft): CheckDraft => ({
    ...check,
    status: 'CLOSED',
    payments: [{ guid: `${id}-card`, cents: totalOf(id), tipCents: known.of(id).idea.tip }],
  });
  /** What a line cost the guest. */
  function netOf(id: string, place: number): number {
    const checks = house.order(id)?.['checks'] as readonly { readonly selections: readonly { readonly price: number }[] }[] | undefined;
    return Math.round((checks?.[0]?.selections[place]?.price ?? 0) * 100);
  }

  function giveBack(id: string, places: readonly number[]): void {
    const lines = Object.fromEntries(places.map((place) => [`${id}-${place}`, netOf(id, place)]));
    change(id, (check) => ({
      ...check,
      lines: check.lines.map((line) => {
        const cents = lines[line.guid];
        return cents === undefined ? line : { ...line, refund: { cents, transaction: `${id}-refund` } };
      }),
      payments: (check.payments ?? []).map((payment) => ({
        ...payment,
        refund: { cents: sum(Object.values(lines)), transaction: `${id}-refund`, at: new Date(now()).toISOString() },
      })),
    }));
    const order = known.of(id);
    order.back = places.length === order.idea.dishes.length ? 'all' : Object.keys(lines);
  }

  const halved = (discount: DiscountDraft): DiscountDraft =>
    discount.cents % 2 === 0 ? { ...discount, cents: discount.cents / 2 } : { ...discount, processingState: 'VOID' };
  const deeds: Readonly<Record<Deed, (id: string) => void>> = {
    pay: (id) => change(id, (check) => paid(id, check)),
    edit: (id) => change(id, (check) => ({ ...check, discounts: (check.discounts ?? []).map(halved) })),
    refundDish: (id) => giveBack(id, [0]),
    refundAll: (id) => giveBack(id, [...known.of(id).idea.dishes.keys()]),
    void: (id) => void house.voidOrder(id),
    delete: (id) => void house.deleteOrder(id),
  };

  return {
    id: 'toast',
    currency: 'USD',
    url: house.url,
    settings: house.settings,
    locations: [RESTAURANT],
    feeds: ['changed'],
    deeds: ['pay', 'edit', 'refundDish', 'refundAll', 'void', 'delete'],
    untold: [],
    required: ['guid', 'general'],
    connected(at) {
      address = at;
    },
    place(idea) {
      count += 1;
      const id = `order-${count}`;
      known.set(id, { idea, back: [] });
      const check: CheckDraft = {
        guid: `${id}-check`,
        status: 'OPEN',
        lines: idea.dishes.map(({ name, sku, unit, quantity }, at) => ({ guid: `${id}-${at}`, name, plu: sku, cents: unit, quantity })),
        discounts:
          idea.discount === null
            ? []
            : [{ guid: `${id}-discount`, name: 'Voucher', cents: idea.discount.amount, code: idea.discount.code }],
      };
      drafts.set(id, check);
      house.addOrder({ guid: id, openedDate: new Date(now()).toISOString(), checks: [check] }, RESTAURANT);
      if (idea.paid) deeds.pay(id);
      return id;
    },
    do: (deed, id) => deeds[deed](id),
    truth(id): Truth {
      const { idea, back } = known.of(id);
      const { state, discounts, refunded } = house.truth(id);
      return {
        id,
        state,
        lines: idea.dishes.map(({ unit, quantity }) => unit * quantity),
        takenOff: sum(Object.values(discounts)),
        refunded,
        codes: discounts,
        back,
      };
    },
    tell: (id) => house.deliverOrder(id, { url: address.url, to: address.post }),
    // The time stands in the body and is signed with it, so what is no JSON bears the signature of something else.
    sign(body) {
      const told = JSON.stringify({ timestamp: new Date(now()).toISOString() });
      return { ...letterOf(signer, address, told, JSON_TYPE, now()), body: Buffer.from(body) };
    },
    unknownEvent: (name) => {
      const timestamp = new Date(now()).toISOString();
      const event = {
        timestamp,
        eventCategory: 'inventions',
        eventType: `invented_${name}`,
        guid: name,
        details: { restaurantGuid: RESTAURANT },
      };
      return letterOf(signer, address, JSON.stringify(event), JSON_TYPE, now());
    },
    close: () => house.close(),
  };
}
