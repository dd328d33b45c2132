import type { Plain } from '@valehub/connector-kit';

/** All amounts are minor units; the till writes them with two decimals. */
export interface GivenDish {
  readonly number: number;
  readonly name: string;
  /** `1` where left out; with a minus for what is voided or comes back. */
  readonly quantity?: string;
  /** Of one; of a kilogram where it is weighed. */
  readonly price: number;
  readonly condiments?: readonly { readonly number: number; readonly name: string; readonly price: number }[];
  readonly discount?: { readonly number: number; readonly name: string; readonly amount: number; readonly text?: string };
  readonly note?: string;
}

export interface GivenTender {
  readonly number: number;
  readonly name: string;
  /** Tip included. */
  readonly amount: number;
  readonly tip?: number;
  readonly text?: string;
}

export interface GivenDiscount {
  readonly number: number;
  readonly name: string;
  readonly amount: number;
  readonly text?: string;
}

export interface GivenCombo {
  readonly number: number;
  readonly main: GivenDish;
  readonly sides: readonly GivenDish[];
}

export interface GivenCheck {
  /** `sev01/42`; the first place where left out. */
  readonly place?: string;
  readonly name?: string;
  readonly dishes: readonly GivenDish[];
  readonly combos?: readonly GivenCombo[];
  readonly discounts?: readonly GivenDiscount[];
  readonly charges?: readonly { readonly number: number; readonly name: string; readonly amount: number }[];
  readonly automaticCharge?: number;
  readonly tax?: number;
  readonly tenders?: readonly GivenTender[];
  readonly texts?: readonly string[];
  readonly orderType?: number;
  readonly training?: boolean;
}

type Extensions = readonly { readonly [name: string]: Plain }[];
type Entry<T> = T & { readonly extensions?: Extensions };

export interface TillCheck {
  readonly ref: string;
  readonly number: number;
  place: string;
  readonly openedAt: number;
  readonly given: GivenCheck;
  readonly dishes: GivenDish[];
  readonly discounts: Entry<GivenDiscount>[];
  readonly tenders: Entry<GivenTender>[];
}

/** Exact while the products keep to whole thousandths of a minor unit, as the till's own do. */
const priceOf = ({ price, quantity = '1' }: GivenDish): number => Math.round((price * Math.round(Number(quantity) * 1000)) / 1000);
const condimentsOf = (dish: GivenDish): number =>
  (dish.condiments ?? []).reduce((sum, { price }) => sum + price * Math.round(Number(dish.quantity ?? '1')), 0);

export interface Sums {
  readonly gross: number;
  readonly discount: number;
  readonly charges: number;
  readonly tip: number;
  readonly paid: number;
  readonly due: number;
}

const sum = (amounts: readonly number[]): number => amounts.reduce((all, amount) => all + amount, 0);

function sumsOf({ given, dishes, discounts, tenders }: TillCheck): Sums {
  const all = [...dishes, ...(given.combos ?? []).flatMap(({ main, sides }) => [main, ...sides])];
  const gross = sum(all.map((dish) => priceOf(dish) + condimentsOf(dish)));
  const discount = sum([...all.map((dish) => dish.discount?.amount ?? 0), ...discounts.map(({ amount }) => amount)]);
  const charges = sum([given.automaticCharge ?? 0, ...(given.charges ?? []).map(({ amount }) => amount)]);
  const tip = sum(tenders.map((tender) => tender.tip ?? 0));
  const paid = sum(tenders.map(({ amount }) => amount)) - tip;
  return { gross, discount, charges, tip, paid, due: gross - discount + charges + (given.tax ?? 0) - paid };
}

export const isClosed = (check: TillCheck): boolean => check.tenders.length > 0 && sumsOf(check).due <= 0;

const major = (minor: number): number => minor / 100;

const discountForm = ({ number, name, amount, text, extensions }: Entry<GivenDiscount>) => ({
  discountId: number,
  name,
  total: major(-amount),
  ...(text === undefined ? {} : { referenceText: text }),
  ...(extensions ? { extensions } : {}),
});

function dishForm(dish: GivenDish): { readonly [name: string]: Plain } {
  const { number, name, quantity = '1', price, condiments = [], discount, note } = dish;
  return {
    menuItemId: number,
    definitionSequence: 1,
    name,
    quantity: Number(quantity),
    unitPrice: major(price),
    total: major(priceOf(dish)),
    ...(note === undefined ? {} : { referenceText: note }),
    itemDiscounts: discount ? [discountForm(discount)] : [],
    condiments: condiments.map((condiment) => ({
      condimentId: condiment.number,
      definitionSequence: 1,
      name: condiment.name,
      quantity: Number(quantity),
      unitPrice: major(condiment.price),
      total: major(condiment.price * Math.round(Number(quantity))),
    })),
  };
}

/** As `GET /checks/{checkRef}` tells it. */
export function checkForm(check: TillCheck, organization: string): { readonly [name: string]: Plain } {
  const { given } = check;
  const [locRef = '', rvcRef = '0'] = check.place.split('/');
  const sums = sumsOf(check);
  return {
    header: {
      orgShortName: organization,
      locRef,
      rvcRef: Number(rvcRef),
      checkRef: check.ref,
      checkNumber: check.number,
      checkName: given.name ?? '',
      checkEmployeeRef: 900_123,
      orderTypeRef: given.orderType ?? 1,
      openTime: new Date(check.openedAt).toISOString(),
      informationLines: given.texts ?? [],
      isTrainingCheck: given.training ?? false,
      status: isClosed(check) ? 'closed' : 'open',
    },
    menuItems: check.dishes.map(dishForm),
    comboMeals: (given.combos ?? []).map(({ number, main, sides }) => ({
      comboMealId: number,
      mainItem: dishForm(main),
      sideItems: sides.map(dishForm),
    })),
    discounts: check.discounts.map(discountForm),
    serviceCharges: (given.charges ?? []).map(({ number, name, amount }) => ({ serviceChargeId: number, name, total: major(amount) })),
    taxes: given.tax === undefined ? [] : [{ taxRateId: '1', name: 'Tax', total: major(given.tax) }],
    tenders: check.tenders.map(({ number, name, amount, tip, text, extensions }) => ({
      tenderId: number,
      name,
      total: major(amount),
      ...(tip === undefined ? {} : { chargedTipTotal: major(tip) }),
      ...(text === undefined ? {} : { referenceText: text }),
      ...(extensions ? { extensions } : {}),
    })),
    totals: {
      subtotal: major(sums.gross - sum([...check.dishes].map((dish) => dish.discount?.amount ?? 0))),
      autoServiceChargeTotal: major(given.automaticCharge ?? 0),
      taxTotal: major(given.tax ?? 0),
      paymentTotal: major(sums.paid + sums.tip),
      totalDue: major(sums.due),
    },
  };
}

/** What the hub has to have in its books, in minor units. */
export interface Truth extends Sums {
  readonly id: string;
  readonly location: string;
  readonly state: 'OPEN' | 'PAID' | 'VOIDED';
  readonly training: boolean;
}

export const truthOf = (check: TillCheck, isGone: boolean): Truth => ({
  id: check.ref,
  location: check.place,
  state: isGone ? 'VOIDED' : isClosed(check) ? 'PAID' : 'OPEN',
  training: check.given.training ?? false,
  ...sumsOf(check),
});
