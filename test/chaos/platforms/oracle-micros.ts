import { forgerFor } from '@valehub/connector-kit/testing';
import connector from '@valehub/connector-oracle-micros';
import { startSimphony } from '../../../plugins/oracle-micros/test/stand-in.ts';
import { Kept, Reckoning } from '../kept.ts';
import type { Address, ChaosPlatform, Deed, Idea, Truth } from '../platform.ts';
import { letterOf } from '../post.ts';
import { dueOf, sum } from '../sharing.ts';

const PLACE = 'sev01/42';
const JSON_TYPE = [['content-type', 'application/json']] as const;
/** By the till's own numbers. */
const NUMBERS: Readonly<Record<string, number>> = { RICE: 101, HAM: 102, WINE: 103, CAKE: 104, WATER: 105 };

/** Notifies once, of checks that change for hours; a sweep reads them beside. A voucher is a discount with its code as the reference. */
export async function oracleMicros(now: () => number): Promise<ChaosPlatform> {
  const house = await startSimphony({ now, places: [PLACE] });
  const known = new Kept<Idea>();
  let address: Address = { url: '', post: '' };
  const reckoning = new Reckoning(() => house.truth());
  const signer = () => forgerFor(connector, house.registration() as unknown as Readonly<Record<string, string>>);

  const deeds: Readonly<Record<Deed, (id: string) => void>> = {
    pay(id) {
      const { tip } = known.of(id);
      house.pay(id, { number: 20, name: 'Visa', amount: dueOf(known.of(id)) + tip, ...(tip > 0 ? { tip } : {}) });
    },
    // Goods come back on checks of their own there, and Simphony does not say of which.
    edit: () => undefined,
    refundDish: () => undefined,
    refundAll: () => undefined,
    void: (id) => house.voidOrder(id),
    delete: () => undefined,
  };

  return {
    id: 'oracle-micros',
    currency: 'EUR',
    url: house.url,
    settings: house.settings,
    locations: [PLACE],
    feeds: ['checks'],
    deeds: ['pay', 'void'],
    untold: ['void'],
    required: ['checkRef', 'openTime'],
    // A check that is no more when it is told of was cancelled.
    never: ['404'],
    connected(at) {
      address = at;
    },
    place(idea) {
      reckoning.happened();
      const { code = '', amount = 0 } = idea.discount ?? {};
      const id = house.addOrder({
        place: PLACE,
        dishes: idea.dishes.map(({ name, sku, unit, quantity }) => ({
          number: NUMBERS[sku] ?? 100,
          name,
          price: unit,
          quantity: String(quantity),
        })),
        discounts: amount > 0 ? [{ number: 80, name: 'Vale', amount, text: `Vale ${code}` }] : [],
      });
      known.set(id, idea);
      if (idea.paid) deeds.pay(id);
      return id;
    },
    do(deed, id) {
      reckoning.happened();
      deeds[deed](id);
    },
    truth(id): Truth {
      const { dishes, discount } = known.of(id);
      const { state, gross, discount: takenOff } = reckoning.of(id);
      const lines = dishes.map(({ unit, quantity }) => unit * quantity);
      if (sum(lines) !== gross) throw new Error(`The till reckons ${gross} for ${id}.`);
      return { id, state, lines, takenOff, refunded: 0, codes: discount === null ? {} : { [discount.code]: discount.amount }, back: [] };
    },
    tell: (id) => house.notify([id], () => address.post),
    sign: (body) => letterOf(signer(), address, body, JSON_TYPE, now()),
    unknownEvent: (name) =>
      letterOf(
        signer(),
        address,
        JSON.stringify({
          messages: [{ id: name, creationDate: new Date(now()).toISOString(), messageType: { id: 'InventedNotification' } }],
        }),
        JSON_TYPE,
        now(),
      ),
    close: () => house.close(),
  };
}
