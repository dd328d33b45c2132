import { amountOff, line, percentOff, scope, tender } from './builders.ts';
import { voucherOf, type WorkedCase } from './worked-case.ts';
import { CENT_CASES } from './worked-cases-cents.ts';
import { INCENTIVE_CASES } from './worked-cases-incentives.ts';
import { ORDER_CASES } from './worked-cases-order.ts';
import { SET_CASES } from './worked-cases-sets.ts';
import { TAX_CASES } from './worked-cases-tax.ts';
import { TIME_CASES } from './worked-cases-time.ts';
import { WEIGHT_CASES } from './worked-cases-weight.ts';

const dinner = [line('paella', 1450, { quantity: '2' }), line('wine', 1800, { group: 'alcohol' }), line('bread', 110, { quantity: '3' })];

const FIRST_CASES: readonly WorkedCase[] = [
  {
    title: 'A percentage of the whole order',
    why: '12.5 % of the SUM, 50.30, is 6.2875: rounded once, 6.29. The shares that are cut off come to 3 cents; the largest rests (.7555, the bread) get them.',
    lines: dinner,
    vouchers: [voucherOf('MAY', '12.5 % off the order', percentOff('12.5'))],
    gives: { MAY: { amount: 629, shares: 'paella/1:181 paella/2:181 wine/1:225 bread/1:14 bread/2:14 bread/3:14' } },
    due: 4401,
    tax: '10:2569+257 21:1302+273',
  },
  {
    title: 'An amount that does not divide',
    why: '1.00 over three equal units: the first of equals gets the cent.',
    lines: [line('tapa', 200, { quantity: '3' })],
    vouchers: [voucherOf('EURO', '1.00 off the order', amountOff(100))],
    gives: { EURO: { amount: 100, shares: 'tapa/1:34 tapa/2:33 tapa/3:33' } },
    due: 500,
    tax: '10:455+45',
  },
  {
    title: 'The second at half price',
    why: 'Two pizzas set it off (triggerQuantity 2), one is reduced (applicableQuantity 1), the cheapest.',
    lines: [line('margarita', 950), line('diavola', 1200), line('water', 210)],
    vouchers: [
      voucherOf(
        'SECOND',
        '50 % off, CHEAPEST 1 of 2 of margarita and diavola',
        percentOff('50', { scope: scope({ include: { skus: ['margarita', 'diavola'] }, triggerQuantity: '2', applicableQuantity: '1' }) }),
      ),
    ],
    gives: { SECOND: { amount: 475, shares: 'margarita/1:475' } },
    due: 1885,
    tax: '10:1714+171',
  },
  {
    title: 'Line-level before order-level, whatever the order of the codes',
    why: '20 % of the wine is 3.60; then 10 % of the 46.70 that are left is 4.67.',
    lines: dinner,
    vouchers: [
      voucherOf('ALL10', '10 % off the order', percentOff('10')),
      voucherOf('WINE20', '20 % off wine', percentOff('20', { scope: scope({ include: { groups: ['alcohol'] } }) })),
    ],
    gives: {
      ALL10: { amount: 467, shares: 'paella/1:145 paella/2:145 wine/1:144 bread/1:11 bread/2:11 bread/3:11' },
      WINE20: { amount: 360, shares: 'wine/1:360' },
    },
    due: 4203,
    tax: '10:2643+264 21:1071+225',
  },
  {
    title: 'Two for the whole order: the larger alone goes first',
    why: 'Alone, 5.00 is more than 10 % of 30.00. So 5.00 first, then 10 % of 25.00.',
    lines: [line('menu', 1500, { quantity: '2' })],
    vouchers: [voucherOf('A10', '10 % off the order', percentOff('10')), voucherOf('B5', '5.00 off the order', amountOff(500))],
    gives: { A10: { amount: 250, shares: 'menu/1:125 menu/2:125' }, B5: { amount: 500, shares: 'menu/1:250 menu/2:250' } },
    due: 2250,
    tax: '10:2045+205',
  },
  {
    title: 'The same two, with priority',
    why: 'Priority 5 puts the percentage first: 10 % of 30.00, then 5.00.',
    lines: [line('menu', 1500, { quantity: '2' })],
    vouchers: [
      voucherOf('A10', '10 % off the order, priority 5', percentOff('10'), { stacking: { priority: 5, exclusive: false } }),
      voucherOf('B5', '5.00 off the order', amountOff(500)),
    ],
    gives: { A10: { amount: 300, shares: 'menu/1:150 menu/2:150' }, B5: { amount: 500, shares: 'menu/1:250 menu/2:250' } },
    due: 2200,
    tax: '10:2000+200',
  },
  {
    title: 'A ceiling',
    why: '50 % of 50.30 would be 25.15; at most 5.00 is given.',
    lines: dinner,
    vouchers: [voucherOf('HALF', '50 % off the order, at most 5.00', percentOff('50', { maximum: 500 }))],
    gives: { HALF: { amount: 500, shares: 'paella/1:144 paella/2:144 wine/1:179 bread/1:11 bread/2:11 bread/3:11' } },
    due: 4530,
    tax: '10:2645+264 21:1340+281',
  },
  {
    title: 'Items that carry a discount already are left out',
    why: 'The given 2.00 lie on the two paellas, 1.00 each. With excludeDiscounted, 10 % fall on wine and bread: 21.30.',
    lines: [line('paella', 1450, { quantity: '2', discount: 200 }), ...dinner.slice(1)],
    vouchers: [voucherOf('REST', '10 % off, excludeDiscounted', percentOff('10', { scope: scope({ excludeDiscounted: true }) }))],
    gives: { REST: { amount: 213, shares: 'wine/1:180 bread/1:11 bread/2:11 bread/3:11' } },
    due: 4617,
    tax: '10:2725+272 21:1339+281',
  },
  {
    title: 'Sold by weight',
    why: '0.75 kg at 39.90 is 29.925: the gross is rounded, 29.93. It is one unit; 15 % of it is 4.4895.',
    lines: [line('ham', 3990, { quantity: '0.75' })],
    vouchers: [voucherOf('HAM15', '15 % off ham', percentOff('15', { scope: scope({ include: { skus: ['ham'] } }) }))],
    gives: { HAM15: { amount: 449, shares: 'ham/1:449' } },
    due: 2544,
    tax: '10:2313+231',
  },
  {
    title: 'What no longer fits is passed over',
    why: 'At most 1: the prawns (0.4 kg, 10.00) are cheapest and fit; the cod (12.00) weighs 1 and no longer fits the 0.6 that are left, nor does the ham (0.75 kg); the cheese (0.5 kg, 30.00) does.',
    lines: [
      line('ham', 3990, { quantity: '0.75' }),
      line('prawns', 2500, { quantity: '0.4' }),
      line('cod', 1200),
      line('cheese', 6000, { quantity: '0.5' }),
    ],
    vouchers: [voucherOf('ONE', '10 % off, CHEAPEST 1', percentOff('10', { scope: scope({ applicableQuantity: '1' }) }))],
    gives: { ONE: { amount: 400, shares: 'prawns/1:100 cheese/1:300' } },
    due: 7793,
    tax: '10:7085+708',
  },
  {
    title: 'An amount on items is given once, at most what is due on them',
    why: '10.00 off desserts, but there is one of 6.50.',
    lines: [line('flan', 650), line('menu', 1500)],
    vouchers: [voucherOf('SWEET', '10.00 off flan', amountOff(1000, scope({ include: { skus: ['flan'] } })))],
    gives: { SWEET: { amount: 650, shares: 'flan/1:650' } },
    due: 1500,
    tax: '10:1364+136',
  },
  {
    title: 'A part payment after a discount',
    why: 'The tax lies on 36.00, what the goods cost; the part payment of 25.00 does not lower it.',
    lines: [line('menu', 2000, { quantity: '2' })],
    vouchers: [voucherOf('PAY25', 'tender of 25.00', tender(2500)), voucherOf('MAY10', '10 % off the order', percentOff('10'))],
    gives: { PAY25: { amount: 2500, shares: '' }, MAY10: { amount: 400, shares: 'menu/1:200 menu/2:200' } },
    due: 1100,
    tax: '10:3273+327',
  },
  {
    title: 'A part payment gives no change',
    why: 'Of 20.00 only what is due is tendered; the rest is lost.',
    lines: [line('menu', 1240)],
    vouchers: [voucherOf('PAY20', 'tender of 20.00', tender(2000))],
    gives: { PAY20: { amount: 1240, shares: '' } },
    due: 0,
    tax: '10:1127+113',
  },
  {
    title: 'Prices without tax',
    why: 'Three units of 3.35 make 10.05, less 5 % (0.5025, so 0.50): 9.55. 10 % tax on it, 0.955, is rounded once: 0.96. The tender covers 5.00 of the 10.51.',
    lines: [line('taco', 335, { quantity: '3' })],
    order: { pricesIncludeTax: false },
    vouchers: [voucherOf('FIVE', '5 % off the order', percentOff('5')), voucherOf('PAY5', 'tender of 5.00', tender(500))],
    gives: { FIVE: { amount: 50, shares: 'taco/1:17 taco/2:17 taco/3:16' }, PAY5: { amount: 500, shares: '' } },
    due: 551,
    tax: '10:955+96',
  },
];

export const WORKED_FAMILIES: readonly { readonly title: string; readonly cases: readonly WorkedCase[] }[] = [
  { title: 'Percentages, amounts, part payments', cases: FIRST_CASES },
  { title: 'Where a cent goes', cases: CENT_CASES },
  { title: 'Tax', cases: TAX_CASES },
  { title: 'Weight', cases: WEIGHT_CASES },
  { title: 'Items for a price or for nothing, sets, gift cards', cases: INCENTIVE_CASES },
  { title: 'Which items, and sets that overlap', cases: SET_CASES },
  { title: 'Several on one order', cases: ORDER_CASES },
  { title: 'When it is: a menu of 10.00, and 10 % off', cases: TIME_CASES },
];

export const WORKED_CASES: readonly WorkedCase[] = WORKED_FAMILIES.flatMap(({ cases }) => cases);
