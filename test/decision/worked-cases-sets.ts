import { amountOff, buyXGetY, line, percentOff, scope } from './builders.ts';
import { voucherOf, type WorkedCase } from './worked-case.ts';

/** Which items an incentive is for, and sets that overlap. */
export const SET_CASES: readonly WorkedCase[] = [
  {
    title: 'Two sets on the same pieces',
    why: 'The first voucher makes two of six tapas free. What is free is neither bought nor got: of the four that are left, one is free.',
    lines: [line('tapa', 500, { quantity: '6' })],
    vouchers: [
      voucherOf('A3X2', 'buy 2, get 1 of the tapas', buyXGetY(2, 1, ['tapa'])),
      voucherOf('B3X2', 'buy 2, get 1 of the tapas', buyXGetY(2, 1, ['tapa'])),
    ],
    gives: { A3X2: { amount: 1000, shares: 'tapa/1:500 tapa/2:500' }, B3X2: { amount: 500, shares: 'tapa/3:500' } },
    due: 1500,
    tax: '10:1364+136',
  },
  {
    title: 'The last set in part',
    why: 'Buy three, get two: with four tapas, three are bought and one is left to be got.',
    lines: [line('tapa', 500, { quantity: '4' })],
    vouchers: [voucherOf('3GET2', 'buy 3, get 2 of the tapas', buyXGetY(3, 2, ['tapa']))],
    gives: { '3GET2': { amount: 500, shares: 'tapa/1:500' } },
    due: 1500,
    tax: '10:1364+136',
  },
  {
    title: 'Weighed pieces in a set',
    why: 'A piece is a piece, whatever it weighs: of the two, the cheaper, 0.3 kg for 3.90, is free.',
    lines: [line('manchego', 1000, { quantity: '0.5' }), line('mahon', 1300, { quantity: '0.3' })],
    vouchers: [voucherOf('2X1', 'buy 1, get 1 of the cheeses', buyXGetY(1, 1, ['manchego', 'mahon']))],
    gives: { '2X1': { amount: 390, shares: 'mahon/1:390' } },
    due: 500,
    tax: '10:455+45',
  },
  {
    title: 'What carries a discount is neither bought nor got',
    why: 'With excludeDiscounted, the two croquettes do not count: of the two octopus, one is free.',
    lines: [line('croquettes', 500, { quantity: '2', discount: 100 }), line('octopus', 600, { quantity: '2' })],
    vouchers: [
      voucherOf(
        '2X1',
        'buy 1, get 1 of croquettes and octopus, excludeDiscounted',
        buyXGetY(1, 1, ['croquettes', 'octopus'], { excludeDiscounted: true }),
      ),
    ],
    gives: { '2X1': { amount: 600, shares: 'octopus/1:600' } },
    due: 1500,
    tax: '10:1364+136',
  },
  {
    title: 'The dearest by what is still due',
    why: 'The sirloin costs 12.00, but 3.00 are given on it: at 10.00 the bass is the dearest.',
    lines: [line('sirloin', 1200, { discount: 300 }), line('bass', 1000)],
    vouchers: [voucherOf('BEST', '20 % off, DEAREST 1', percentOff('20', { scope: scope({ applicableQuantity: '1', pick: 'DEAREST' }) }))],
    gives: { BEST: { amount: 200, shares: 'bass/1:200' } },
    due: 1700,
    tax: '10:1545+155',
  },
  {
    title: 'Exclude wins over include',
    why: 'Both are of the group tapas, but the bravas are excluded by name: 10 % of the tortilla.',
    lines: [line('tortilla', 700, { group: 'tapas' }), line('bravas', 550, { group: 'tapas' })],
    vouchers: [
      voucherOf(
        'TAPAS',
        '10 % off the group tapas but bravas',
        percentOff('10', { scope: scope({ include: { groups: ['tapas'] }, exclude: { skus: ['bravas'] } }) }),
      ),
    ],
    gives: { TAPAS: { amount: 70, shares: 'tortilla/1:70' } },
    due: 1180,
    tax: '10:1073+107',
  },
  {
    title: 'By brand, with a given discount',
    why: 'The given 0.50 lies 0.17, 0.17, 0.16: 2.33, 2.33 and 2.34 are due. 1.00 by these weights: the last has the largest rest.',
    lines: [line('beer', 250, { quantity: '3', discount: 50, brand: 'Estrella', group: 'alcohol' }), line('cola', 250)],
    vouchers: [voucherOf('STAR', '1.00 off the brand Estrella', amountOff(100, scope({ include: { brands: ['Estrella'] } })))],
    gives: { STAR: { amount: 100, shares: 'beer/1:33 beer/2:33 beer/3:34' } },
    due: 850,
    tax: '10:227+23 21:496+104',
  },
];
