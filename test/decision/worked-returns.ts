import { amountOff, buyXGetY, line, percentOff, scope, specialPrice } from './builders.ts';
import { voucherOf } from './worked-case.ts';
import type { WorkedReturn } from './worked-return.ts';

const dinner = [line('menu', 2000, { quantity: '2' }), line('wine', 1000)];
const fiftyAndMore = { conditions: { minimumOrder: 4000 } };

export const WORKED_RETURNS: readonly WorkedReturn[] = [
  {
    title: 'KEEP: the shares of the units come back, nothing else',
    why: '10 % of 50.00 is 5.00: 2.00, 2.00 and 1.00. One menu comes back with its 2.00, although what is left, 30.00, is below the 40.00 that the campaign asks for.',
    lines: dinner,
    vouchers: [voucherOf('KEEP10', '10 % off from 40.00, KEEP', percentOff('10'), fiftyAndMore)],
    steps: [{ code: 'KEEP10', units: { menu: '1' }, back: 200, shares: 'menu/1:200', stands: 'menu/2:200 wine/1:100', due: 2700 }],
  },
  {
    title: 'CLAW_BACK: as KEEP while the rest is enough',
    why: 'Without the wine 40.00 are left: enough, so only its 1.00 comes back. Without a menu, too, 20.00 are left: all that is left of the discount comes back, and the voucher is good again.',
    lines: dinner,
    vouchers: [voucherOf('CLAW10', '10 % off from 40.00, CLAW_BACK', percentOff('10'), { ...fiftyAndMore, reversalPolicy: 'CLAW_BACK' })],
    steps: [
      { code: 'CLAW10', units: { wine: '1' }, back: 100, shares: 'wine/1:100', stands: 'menu/1:200 menu/2:200', due: 3600 },
      { code: 'CLAW10', units: { menu: '1' }, back: 400, shares: 'menu/1:200 menu/2:200', stands: '', whole: true, due: 2000 },
    ],
  },
  {
    title: 'CLAW_BACK: the items that set it off are gone',
    why: 'Two pizzas set off the second at half price: 4.75 on the margarita. The diavola, on which nothing lay, comes back: one pizza is left, and the 4.75 come back.',
    lines: [line('margarita', 950), line('diavola', 1200), line('water', 210)],
    vouchers: [
      voucherOf(
        'SECOND',
        '50 % off, CHEAPEST 1 of 2 of margarita and diavola, CLAW_BACK',
        percentOff('50', { scope: scope({ include: { skus: ['margarita', 'diavola'] }, triggerQuantity: '2', applicableQuantity: '1' }) }),
        { reversalPolicy: 'CLAW_BACK' },
      ),
    ],
    steps: [
      { code: 'SECOND', units: { water: '1' }, back: 0, shares: '', stands: 'margarita/1:475', due: 1675 },
      { code: 'SECOND', units: { diavola: '1' }, back: 475, shares: 'margarita/1:475', stands: '', whole: true, due: 950 },
    ],
  },
  {
    title: 'REPRICE: a percentage falls with the rest',
    why: '10 % of 50.00 is 5.00; of the 30.00 that are left it is 3.00. 2.00 come back: the share of the menu that is gone.',
    lines: dinner,
    vouchers: [voucherOf('NEW10', '10 % off, REPRICE', percentOff('10'), { reversalPolicy: 'REPRICE' })],
    steps: [{ code: 'NEW10', units: { menu: '1' }, back: 200, shares: 'menu/1:200', stands: 'menu/2:200 wine/1:100', due: 2700 }],
  },
  {
    title: 'REPRICE: an amount stays whole and moves to the rest',
    why: '10.00 off 50.00 lay 4.00, 4.00 and 2.00. On the 30.00 that are left it is still 10.00: nothing comes back, and the 4.00 move. 10.00 by weights of 20.00 and 10.00: 6.67 and 3.33. Then the other menu: 10.00 on a wine of 10.00.',
    lines: dinner,
    vouchers: [voucherOf('TEN', '10.00 off the order, REPRICE', amountOff(1000), { reversalPolicy: 'REPRICE' })],
    steps: [
      {
        code: 'TEN',
        units: { menu: '1' },
        back: 0,
        shares: '',
        moved: 'menu/1:400 > menu/2:267 wine/1:133',
        stands: 'menu/2:667 wine/1:333',
        due: 2000,
      },
      { code: 'TEN', units: { menu: '1' }, back: 0, shares: '', moved: 'menu/2:667 > wine/1:667', stands: 'wine/1:1000', due: 0 },
    ],
  },
  {
    title: 'REPRICE: an amount that is more than the rest',
    why: '30.00 off 50.00. Without the menus 10.00 are left, so 10.00 stand and 20.00 come back. What the menus lost, 12.00 each, comes back by largest remainder, 10.00 each; 2.00 each move to the wine.',
    lines: dinner,
    vouchers: [voucherOf('THIRTY', '30.00 off the order, REPRICE', amountOff(3000), { reversalPolicy: 'REPRICE' })],
    steps: [
      {
        code: 'THIRTY',
        units: { menu: '2' },
        back: 2000,
        shares: 'menu/1:1000 menu/2:1000',
        moved: 'menu/1:200 menu/2:200 > wine/1:400',
        stands: 'wine/1:1000',
        due: 0,
      },
    ],
  },
  {
    title: 'REPRICE: a ceiling that the rest still reaches',
    why: '50 %, at most 5.00. Half of the 30.00 that are left is more than 5.00: nothing comes back; 2.00 move.',
    lines: dinner,
    vouchers: [voucherOf('HALF', '50 % off, at most 5.00, REPRICE', percentOff('50', { maximum: 500 }), { reversalPolicy: 'REPRICE' })],
    steps: [
      {
        code: 'HALF',
        units: { menu: '1' },
        back: 0,
        shares: '',
        moved: 'menu/1:200 > menu/2:133 wine/1:67',
        stands: 'menu/2:333 wine/1:167',
        due: 2500,
      },
    ],
  },
  {
    title: 'REPRICE: the cheapest is gone, the next is cheapest now',
    why: 'The cheapest of three desserts is free: the flan, 4.00. It comes back; two are left, of which the tart is the cheapest, 5.00. No more stands than stood: 4.00, now on the tart, which had no share.',
    lines: [line('flan', 400), line('tart', 500), line('cake', 600)],
    vouchers: [
      voucherOf(
        'SWEET',
        '100 % off, CHEAPEST 1 of 2, REPRICE',
        percentOff('100', { scope: scope({ triggerQuantity: '2', applicableQuantity: '1' }) }),
        { reversalPolicy: 'REPRICE' },
      ),
    ],
    steps: [
      { code: 'SWEET', units: { flan: '1' }, back: 0, shares: '', moved: 'flan/1:400 > tart/1:400', stands: 'tart/1:400', due: 700 },
      { code: 'SWEET', units: { cake: '1' }, back: 400, shares: 'tart/1:400', stands: '', whole: true, due: 500 },
    ],
  },
  {
    title: 'REPRICE: the rest is below the minimum',
    why: '10.00 off from 40.00. The 30.00 that are left are not enough: all of it comes back, and the voucher is good again.',
    lines: dinner,
    vouchers: [voucherOf('MIN', '10.00 off from 40.00, REPRICE', amountOff(1000), { ...fiftyAndMore, reversalPolicy: 'REPRICE' })],
    steps: [
      { code: 'MIN', units: { menu: '1' }, back: 1000, shares: 'menu/1:400 menu/2:400 wine/1:200', stands: '', whole: true, due: 3000 },
    ],
  },
  {
    title: 'REPRICE: in its turn among others',
    why: '5.00 off the order lay 2.50 and 2.50; then 10 % of 25.00, 1.25 each. One menu is gone. In order of application: 5.00 stand on the other menu, where the 10 % leave 13.75; then 10 % of the 10.00 that are due in its turn.',
    lines: [line('menu', 1500, { quantity: '2' })],
    vouchers: [
      voucherOf('B5', '5.00 off the order, REPRICE', amountOff(500), { reversalPolicy: 'REPRICE' }),
      voucherOf('A10', '10 % off the order, REPRICE', percentOff('10'), { reversalPolicy: 'REPRICE' }),
    ],
    steps: [
      { code: 'B5', units: { menu: '1' }, back: 0, shares: '', moved: 'menu/1:250 > menu/2:250', stands: 'menu/2:500', due: 875 },
      { code: 'A10', units: { menu: '1' }, back: 150, shares: 'menu/1:125 menu/2:25', stands: 'menu/2:100', due: 900 },
    ],
  },
  {
    title: 'REPRICE: given discounts stay with their units',
    why: 'A given 1.00 lies 0.34, 0.33 and 0.33 on three tapas of 3.00. 10 % of 8.00 is 0.80: 0.26, 0.27 and 0.27, as most is due on the last two. The first tapa is gone: 10 % of the 5.34 that are left is 0.53, 0.27 and 0.26. So 0.27 come back: the 0.26 of the first and a cent of the last.',
    lines: [line('tapa', 300, { quantity: '3', discount: 100 })],
    vouchers: [voucherOf('TAPA', '10 % off the order, REPRICE', percentOff('10'), { reversalPolicy: 'REPRICE' })],
    steps: [{ code: 'TAPA', units: { tapa: '1' }, back: 27, shares: 'tapa/1:26 tapa/3:1', stands: 'tapa/2:27 tapa/3:26', due: 481 }],
  },
  {
    title: 'REPRICE: sold by weight, with a given discount',
    why: 'A given 3.00 lies on 2.5 kg at 10.00; 10 % of 22.00 is 2.20. 0.5 kg comes back, with a fifth of the given discount: 20.00 less 2.40 are left, of which 10 % are 1.76. 0.44 come back.',
    lines: [line('cod', 1000, { quantity: '2.5', discount: 300 })],
    vouchers: [voucherOf('COD10', '10 % off the order, REPRICE', percentOff('10'), { reversalPolicy: 'REPRICE' })],
    steps: [{ code: 'COD10', units: { cod: '0.5' }, back: 44, shares: 'cod/1:44', stands: 'cod/1:176', due: 1584 }],
  },
  {
    title: 'REPRICE: sold by weight',
    why: '15 % of 0.75 kg at 39.90, 29.93, is 4.49. A third comes back: 0.5 kg are 19.95, of which 15 % are 2.99. 1.50 come back.',
    lines: [line('ham', 3990, { quantity: '0.75' })],
    vouchers: [
      voucherOf('HAM15', '15 % off ham, REPRICE', percentOff('15', { scope: scope({ include: { skus: ['ham'] } }) }), {
        reversalPolicy: 'REPRICE',
      }),
    ],
    steps: [{ code: 'HAM15', units: { ham: '0.25' }, back: 150, shares: 'ham/1:150', stands: 'ham/1:299', due: 1696 }],
  },
  {
    title: 'KEEP: two cents over three units',
    why: 'They lie on the first two tapas, and the first to come back is the first unit. When both are back nothing is left redeemed: the voucher is good again, though a tapa is still on the table.',
    lines: [line('tapa', 200, { quantity: '3' })],
    vouchers: [voucherOf('CENTS', '0.02 off the order, KEEP', amountOff(2))],
    steps: [
      { code: 'CENTS', units: { tapa: '1' }, back: 1, shares: 'tapa/1:1', stands: 'tapa/2:1', due: 399 },
      { code: 'CENTS', units: { tapa: '1' }, back: 1, shares: 'tapa/2:1', stands: '', whole: true, due: 200 },
    ],
  },
  {
    title: 'CLAW_BACK: three for two, and one that was bought comes back',
    why: 'The croquettes, 5.00, were free. Without the octopus two pieces are left: no set, so the 5.00 come back.',
    lines: [line('croquettes', 500), line('tortilla', 600), line('octopus', 700)],
    vouchers: [
      voucherOf('3X2', 'buy 2, get 1 of the tapas, CLAW_BACK', buyXGetY(2, 1, ['croquettes', 'tortilla', 'octopus']), {
        reversalPolicy: 'CLAW_BACK',
      }),
    ],
    steps: [{ code: '3X2', units: { octopus: '1' }, back: 500, shares: 'croquettes/1:500', stands: '', whole: true, due: 1100 }],
  },
  {
    title: 'REPRICE: two sets, of which one is left',
    why: 'Of six tapas two were free. One comes back, a free one; of the five that are left one is free. The share of the unit that is gone comes back.',
    lines: [line('tapa', 500, { quantity: '6' })],
    vouchers: [voucherOf('3X2', 'buy 2, get 1 of the tapas, REPRICE', buyXGetY(2, 1, ['tapa']), { reversalPolicy: 'REPRICE' })],
    steps: [{ code: '3X2', units: { tapa: '1' }, back: 500, shares: 'tapa/1:500', stands: 'tapa/2:500', due: 2000 }],
  },
  {
    title: 'REPRICE: a special price',
    why: 'Each pizza came down by 2.00. One is gone, and its 2.00 with it; the other keeps its price of 10.00.',
    lines: [line('pizza', 1200, { quantity: '2' })],
    vouchers: [
      voucherOf('TEN', 'special price of 10.00 for pizza, REPRICE', specialPrice(1000, scope({ include: { skus: ['pizza'] } })), {
        reversalPolicy: 'REPRICE',
      }),
    ],
    steps: [{ code: 'TEN', units: { pizza: '1' }, back: 200, shares: 'pizza/1:200', stands: 'pizza/2:200', due: 1000 }],
  },
];
