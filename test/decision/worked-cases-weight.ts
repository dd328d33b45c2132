import { amountOff, line, percentOff, scope } from './builders.ts';
import { voucherOf, type WorkedCase } from './worked-case.ts';

const cheeses = scope({ include: { skus: ['manchego', 'mahon'] }, triggerQuantity: '1.5' });

/** Sold by weight. */
export const WEIGHT_CASES: readonly WorkedCase[] = [
  {
    title: 'A third of a kilo',
    why: '0.333 kg at 19.99 is 6.65667: 6.66. Half of the rounded price is 3.33.',
    lines: [line('cod', 1999, { quantity: '0.333' })],
    vouchers: [voucherOf('HALF', '50 % off cod', percentOff('50', { scope: scope({ include: { skus: ['cod'] } }) }))],
    gives: { HALF: { amount: 333, shares: 'cod/1:333' } },
    due: 333,
    tax: '10:303+30',
  },
  {
    title: 'Half a cent of weight',
    why: '0.5 kg at 10.01 is 5.005: 5.01. 10 % of it is 0.501.',
    lines: [line('cod', 1001, { quantity: '0.5' })],
    vouchers: [voucherOf('TEN', '10 % off the order', percentOff('10'))],
    gives: { TEN: { amount: 50, shares: 'cod/1:50' } },
    due: 451,
    tax: '10:410+41',
  },
  {
    title: 'A kilo and a half sets it off',
    why: '0.8 kg and 0.7 kg are the 1.5 that are asked for.',
    lines: [line('manchego', 2000, { quantity: '0.8' }), line('mahon', 2000, { quantity: '0.7' })],
    vouchers: [voucherOf('CHEESE', '10 % off manchego and mahon from 1.5 kg', percentOff('10', { scope: cheeses }))],
    gives: { CHEESE: { amount: 300, shares: 'manchego/1:160 mahon/1:140' } },
    due: 2700,
    tax: '10:2455+245',
  },
  {
    title: 'A gram too little does not',
    why: '0.8 kg and 0.699 kg are 1.499.',
    lines: [line('manchego', 2000, { quantity: '0.8' }), line('mahon', 2000, { quantity: '0.699' })],
    vouchers: [voucherOf('CHEESE', '10 % off manchego and mahon from 1.5 kg', percentOff('10', { scope: cheeses }))],
    gives: {},
    refused: { CHEESE: 'TRIGGER_QUANTITY_NOT_MET' },
    due: 2998,
    tax: '10:2725+273',
  },
  {
    title: 'Two kilos to the gram are two units',
    why: 'A quantity of 2.000 is a whole one: two units, and the odd cent goes to the first.',
    lines: [line('oranges', 199, { quantity: '2.000' })],
    vouchers: [voucherOf('FIVE', '0.05 off the order', amountOff(5))],
    gives: { FIVE: { amount: 5, shares: 'oranges/1:3 oranges/2:2' } },
    due: 393,
    tax: '10:357+36',
  },
];
