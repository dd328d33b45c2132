import { buyXGetY, freeDelivery, freeItem, giftBalance, line, percentOff, scope, specialPrice, tender } from './builders.ts';
import { voucherOf, type WorkedCase } from './worked-case.ts';

const coffee = scope({ include: { skus: ['coffee'] } });
const pizzas = scope({ include: { skus: ['margarita', 'diavola', 'focaccia'] } });

/** Items for a price, for nothing or in sets, and gift cards. */
export const INCENTIVE_CASES: readonly WorkedCase[] = [
  {
    title: 'A special price, never a higher one',
    why: 'Each pizza comes down to 10.00: 2.00 off each diavola. The focaccia costs 9.50 and stays; so does the water, which is not in scope.',
    lines: [line('diavola', 1200, { quantity: '2' }), line('focaccia', 950), line('water', 210)],
    vouchers: [voucherOf('TEN', 'special price of 10.00 for pizzas', specialPrice(1000, pizzas))],
    gives: { TEN: { amount: 400, shares: 'diavola/1:200 diavola/2:200' } },
    due: 3160,
    tax: '10:2873+287',
  },
  {
    title: 'A special price for one of them, by what is still due',
    why: 'The given 1.50 lie on the margarita, which is due at 9.00 then: no more than the special price, so it is passed over and uses nothing up. The cheapest above 9.00 is the focaccia.',
    lines: [line('diavola', 1200), line('margarita', 1050, { discount: 150 }), line('focaccia', 950)],
    vouchers: [
      voucherOf('NINE', 'special price of 9.00, CHEAPEST 1 of the pizzas', specialPrice(900, { ...pizzas, applicableQuantity: '1' })),
    ],
    gives: { NINE: { amount: 50, shares: 'focaccia/1:50' } },
    due: 3000,
    tax: '10:2727+273',
  },
  {
    title: 'A special price for something weighed',
    why: '1.25 kg at 39.90 is 49.875, so 49.88. At 29.99 it would be 37.4875, so 37.49: the difference is taken off.',
    lines: [line('ham', 3990, { quantity: '1.250' })],
    vouchers: [voucherOf('KILO', 'special price of 29.99 for ham', specialPrice(2999, scope({ include: { skus: ['ham'] } })))],
    gives: { KILO: { amount: 1239, shares: 'ham/1:1239' } },
    due: 3749,
    tax: '10:3408+341',
  },
  {
    title: 'A percentage of something weighed, with a ceiling',
    why: '20 % of 49.88 is 9.976; at most 8.00 is given.',
    lines: [line('ham', 3990, { quantity: '1.250' })],
    vouchers: [
      voucherOf('HAM20', '20 % off ham, at most 8.00', percentOff('20', { maximum: 800, scope: scope({ include: { skus: ['ham'] } }) })),
    ],
    gives: { HAM20: { amount: 800, shares: 'ham/1:800' } },
    due: 4188,
    tax: '10:3807+381',
  },
  {
    title: 'A free coffee with an order over 15.00',
    why: 'The order is 18.40, coffees included. Of the two coffees the cheaper by what is due is free: both cost 1.60, so the first.',
    lines: [line('menu', 1520), line('coffee', 160, { quantity: '2' })],
    vouchers: [voucherOf('COFFEE', 'a free coffee, minimum order 15.00', freeItem(coffee), { conditions: { minimumOrder: 1500 } })],
    gives: { COFFEE: { amount: 160, shares: 'coffee/1:160' } },
    due: 1680,
    tax: '10:1527+153',
  },
  {
    title: 'Free, by weight',
    why: 'Up to 0.5 free: the olives (0.2 kg, 2.40) are cheapest and fit; the cheese (0.3 kg, 7.80) fits the 0.3 that are left, the ham (0.4 kg) would not.',
    lines: [line('ham', 3990, { quantity: '0.4' }), line('cheese', 2600, { quantity: '0.3' }), line('olives', 1200, { quantity: '0.2' })],
    vouchers: [voucherOf('HALFKILO', 'free: CHEAPEST 0.5 of everything', freeItem(scope(), '0.5'))],
    gives: { HALFKILO: { amount: 1020, shares: 'cheese/1:780 olives/1:240' } },
    due: 1596,
    tax: '10:1451+145',
  },
  {
    title: 'Three for two',
    why: 'Seven pieces are two sets of three and one over. The two cheapest are free: the bravas and one croquette.',
    lines: [line('croquettes', 650, { quantity: '3' }), line('tortilla', 700, { quantity: '3' }), line('bravas', 550)],
    vouchers: [voucherOf('3X2', 'buy 2, get 1 of the tapas', buyXGetY(2, 1, ['croquettes', 'tortilla', 'bravas']))],
    gives: { '3X2': { amount: 1200, shares: 'croquettes/1:650 bravas/1:550' } },
    due: 3400,
    tax: '10:3091+309',
  },
  {
    title: 'The second at half price, once',
    why: 'Four pizzas would be two pairs; maximumTimes says one. Half of the cheapest, 9.50, is 4.75.',
    lines: [line('diavola', 1200, { quantity: '2' }), line('margarita', 1050), line('focaccia', 950)],
    vouchers: [
      voucherOf(
        'HALF2ND',
        'buy 1, get 1 of the pizzas at 50 % off, once',
        buyXGetY(1, 1, ['margarita', 'diavola', 'focaccia'], { percentOff: '50', maximumTimes: 1 }),
      ),
    ],
    gives: { HALF2ND: { amount: 475, shares: 'focaccia/1:475' } },
    due: 3925,
    tax: '10:3568+357',
  },
  {
    title: 'Buy a menu, get a coffee',
    why: 'Two menus give two coffees; there are three, and the two cheapest are free.',
    lines: [line('menu', 1450, { quantity: '2' }), line('latte', 210), line('coffee', 160, { quantity: '2' })],
    vouchers: [
      voucherOf(
        'MENUCOFFEE',
        'buy 1 menu, get 1 coffee or latte',
        buyXGetY(1, 1, ['menu'], { get: { include: { skus: ['coffee', 'latte'] } } }),
      ),
    ],
    gives: { MENUCOFFEE: { amount: 320, shares: 'coffee/1:160 coffee/2:160' } },
    due: 3110,
    tax: '10:2827+283',
  },
  {
    title: 'Pieces that could be bought or got',
    why: 'Buy 1 tapa, get 1 tapa of the day; the croquettes are both. If both croquettes (5.00 each) were got, only the tortilla would be bought, and one set would be had. With one croquette got, two pieces are bought; but the bravas (6.00) can only be got. So two are got in all: the croquette, the cheapest, and the bravas.',
    lines: [line('croquettes', 500, { quantity: '2' }), line('tortilla', 700), line('bravas', 600)],
    vouchers: [
      voucherOf(
        'DAY',
        'buy 1 of croquettes and tortilla, get 1 of croquettes and bravas',
        buyXGetY(1, 1, ['croquettes', 'tortilla'], { get: { include: { skus: ['croquettes', 'bravas'] } } }),
      ),
    ],
    gives: { DAY: { amount: 1100, shares: 'croquettes/1:500 bravas/1:600' } },
    due: 1200,
    tax: '10:1091+109',
  },
  {
    title: 'A set after another voucher',
    why: 'Both are line-level. The free tortilla (7.00 alone) goes before the set (6.50 alone); what is free is neither bought nor got, so of the three croquettes that are left one is free.',
    lines: [line('tortilla', 700), line('croquettes', 650, { quantity: '3' })],
    vouchers: [
      voucherOf('FREE1', 'a free tortilla', freeItem(scope({ include: { skus: ['tortilla'] } }))),
      voucherOf('3X2', 'buy 2, get 1 of the tapas', buyXGetY(2, 1, ['croquettes', 'tortilla'])),
    ],
    gives: { FREE1: { amount: 700, shares: 'tortilla/1:700' }, '3X2': { amount: 650, shares: 'croquettes/1:650' } },
    due: 1300,
    tax: '10:1182+118',
  },
  {
    title: 'Free delivery, up to a sum',
    why: 'The delivery costs 3.90; at most 3.00 is taken off. The tax on it falls with it.',
    lines: [line('menu', 1450), line('courier', 390, { group: 'delivery', taxRate: '21' })],
    vouchers: [voucherOf('BRING', 'free delivery, at most 3.00', freeDelivery({ maximum: { minor: 300, currency: 'EUR' } }))],
    gives: { BRING: { amount: 300, shares: 'courier/1:300' } },
    due: 1540,
    tax: '10:1318+132 21:74+16',
  },
  {
    title: 'A discount, a part payment and two gift cards',
    why: 'After 10 % there are 45.00 to pay. The larger first: the part payment of 25.00; then the card with 15.00 left of its 30.00, all of it; then 5.00 of the card of 8.00, on which 3.00 stay. The tax lies on 45.00 throughout.',
    lines: [line('menu', 2500, { quantity: '2' })],
    vouchers: [
      voucherOf('CARD8', 'gift card of 8.00', giftBalance(800)),
      voucherOf('CARD30', 'gift card of 30.00, 15.00 used', giftBalance(3000)),
      voucherOf('MAY10', '10 % off the order', percentOff('10')),
      voucherOf('PAY25', 'tender of 25.00', tender(2500)),
    ],
    counters: { 'balance:vou_CARD30': { used: 1500 } },
    gives: {
      CARD8: { amount: 500, shares: '' },
      CARD30: { amount: 1500, shares: '' },
      MAY10: { amount: 500, shares: 'menu/1:250 menu/2:250' },
      PAY25: { amount: 2500, shares: '' },
    },
    due: 0,
    tax: '10:4091+409',
  },
  {
    title: 'What is held of a gift card',
    why: 'Of 20.00 another order holds 14.00: 6.00 can be paid with it, though its balance is 20.00 until the other order pays.',
    lines: [line('menu', 1240)],
    vouchers: [voucherOf('CARD20', 'gift card of 20.00, 14.00 held', giftBalance(2000))],
    counters: { 'balance:vou_CARD20': { held: 1400 } },
    gives: { CARD20: { amount: 600, shares: '' } },
    due: 640,
    tax: '10:1127+113',
  },
];
