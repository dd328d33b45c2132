import { amountOff, giftBalance, line, percentOff, scope, tender } from './builders.ts';
import { voucherOf, type WorkedCase } from './worked-case.ts';

/** Rates, and prices to which tax is added. */
export const TAX_CASES: readonly WorkedCase[] = [
  {
    title: 'Three rates, prices without tax',
    why: '10 % of 35.95 is 3.595: 3.60. Shares by what is due; the cent that is left goes to the water (0.0951). Then each rate once: 3.4, 180 and 283.5 cents.',
    lines: [line('menu', 1000, { quantity: '2' }), line('wine', 1500, { group: 'alcohol' }), line('water', 95, { taxRate: '4' })],
    order: { pricesIncludeTax: false },
    vouchers: [voucherOf('TEN', '10 % off the order', percentOff('10'))],
    gives: { TEN: { amount: 360, shares: 'menu/1:100 menu/2:100 wine/1:150 water/1:10' } },
    due: 3702,
    tax: '4:85+3 10:1800+180 21:1350+284',
  },
  {
    title: 'One rate, however it is written',
    why: 'The wine has 21 by its group, the gin 21.0 of its own: one rate, reckoned once on 14.00.',
    lines: [line('wine', 1000, { group: 'alcohol' }), line('gin', 500, { taxRate: '21.0' })],
    vouchers: [voucherOf('EURO', '1.00 off the order', amountOff(100))],
    gives: { EURO: { amount: 100, shares: 'wine/1:67 gin/1:33' } },
    due: 1400,
    tax: '21:1157+243',
  },
  {
    title: 'A line without tax',
    why: 'A deposit is taxed at 0 %, and is not discounted: 10 % falls on the menu alone.',
    lines: [line('deposit', 2000, { taxRate: '0' }), line('menu', 1000)],
    vouchers: [voucherOf('MENU10', '10 % off menu', percentOff('10', { scope: scope({ include: { skus: ['menu'] } }) }))],
    gives: { MENU10: { amount: 100, shares: 'menu/1:100' } },
    due: 2900,
    tax: '0:2000+0 10:818+82',
  },
  {
    title: 'Tax is rounded once a rate, not on each line',
    why: '10 % of 0.15 is 0.015: 0.02. Line by line it would have been 0.03. Of the 0.17, 0.10 are paid with the voucher.',
    lines: [line('sugar', 5), line('salt', 5), line('pepper', 5)],
    order: { pricesIncludeTax: false },
    vouchers: [voucherOf('PAY', 'tender of 0.10', tender(10))],
    gives: { PAY: { amount: 10, shares: '' } },
    due: 7,
    tax: '10:15+2',
  },
  {
    title: 'A part payment pays the tax too',
    why: 'With its tax the menu comes to 11.00; of the 15.00, that is what is tendered.',
    lines: [line('menu', 1000)],
    order: { pricesIncludeTax: false },
    vouchers: [voucherOf('PAY15', 'tender of 15.00', tender(1500))],
    gives: { PAY15: { amount: 1100, shares: '' } },
    due: 0,
    tax: '10:1000+100',
  },
  {
    title: 'A gift card on a discounted bill without tax',
    why: '15 % of 15.54 is 2.331: 2.33. On the 13.21 lies 1.321 of tax: 1.32. The card pays the 14.53 and keeps 5.47.',
    lines: [line('burger', 777, { quantity: '2' })],
    order: { pricesIncludeTax: false },
    vouchers: [voucherOf('CARD20', 'gift card of 20.00', giftBalance(2000)), voucherOf('FIFTEEN', '15 % off the order', percentOff('15'))],
    gives: { CARD20: { amount: 1453, shares: '' }, FIFTEEN: { amount: 233, shares: 'burger/1:117 burger/2:116' } },
    due: 0,
    tax: '10:1321+132',
  },
];
