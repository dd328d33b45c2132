import { describe, expect, test } from '@jest/globals';
import type { Capabilities } from '@valehub/connector-kit';
import { type PlanInput, planPublication, stoppedBy } from '../../src/connectors/publishing/plan.rules.ts';
import type { CampaignRecord } from '../../src/domain/campaign/campaign.types.ts';
import type { Loss } from '../../src/domain/connection/publication.types.ts';

const campaign: CampaignRecord = {
  id: 'cmp_1',
  name: 'Primavera',
  status: 'ACTIVE',
  parentId: null,
  version: 1,
  storeIds: null,
  currency: 'EUR',
  startsOn: null,
  endsOn: null,
  incentive: { percentOff: { percent: '10' } },
  conditions: {},
  limits: [],
  budget: null,
  stacking: { priority: 0, exclusive: false },
  distribution: 'OPEN',
  taxClass: 'DISCOUNT',
  reversalPolicy: 'KEEP',
  funding: [],
  issuance: null,
  metadata: null,
  createdAt: '2026-03-01T00:00:00.000Z',
};
const all: Capabilities = {
  'incentive.percentOff': 'ENFORCED',
  'incentive.percentOff.maximum': 'ENFORCED',
  'incentive.amountOff': 'ENFORCED',
  'incentive.freeDelivery': 'ENFORCED',
  'scope.lines': 'ENFORCED',
  'condition.minimumOrder': 'ENFORCED',
  'condition.dates': 'ENFORCED',
  'limit.voucher': 'ENFORCED',
  'limit.customer': 'ENFORCED',
};
const input = (given: Partial<PlanInput> = {}, change: Partial<CampaignRecord> = {}): PlanInput => ({
  campaign: { ...campaign, ...change },
  capabilities: all,
  publishing: { nameLength: 40, code: { length: 20 }, codes: { max: 1000, perCall: 100 }, percentDecimals: 2, dates: 'INSTANT' },
  codes: { total: 10, shared: false, longest: 15, sample: ['DV0000000000001'] },
  items: { ids: [], unknown: [] },
  locations: null,
  clock: { timeZone: 'Europe/Madrid', businessDayStart: '04:00' },
  ...given,
});
const effects = (losses: readonly Loss[]): string[] => losses.map(({ about, effect }) => `${effect} ${about}`);

describe('a loss report', () => {
  test('of what the platform does by itself is empty, and what is published is the campaign', () => {
    const plan = planPublication(
      input(
        { items: { ids: ['P-1'], unknown: [] }, locations: ['L-1'] },
        {
          incentive: {
            percentOff: {
              percent: '12.5',
              maximum: { minor: 500, currency: 'EUR' },
              scope: { include: { skus: ['ARROZ'] }, excludeDiscounted: false, pick: 'ALL' },
            },
          },
          conditions: { minimumOrder: 2000 },
          limits: [
            { counts: 'REDEMPTIONS', per: 'VOUCHER', period: 'EVER', max: 3 },
            { counts: 'REDEMPTIONS', per: 'CUSTOMER', period: 'EVER', max: 1 },
          ],
          startsOn: '2026-03-06',
          endsOn: '2026-03-08',
        },
      ),
    );
    expect(plan.losses).toEqual([]);
    expect(plan.codes).toBe(10);
    expect(plan.publication).toEqual({
      campaignId: 'cmp_1',
      name: 'Primavera',
      incentive: { kind: 'percentOff', percent: '12.5', maximum: { minor: 500, currency: 'EUR' } },
      minimumOrder: { minor: 2000, currency: 'EUR' },
      usesPerCode: 3,
      usesPerCustomer: 1,
      // Business days begin at four in the morning, and the last one is included.
      startsAt: '2026-03-06T03:00:00.000Z',
      endsAt: '2026-03-09T03:00:00.000Z',
      items: ['P-1'],
      locations: ['L-1'],
    });
  });

  test.each<[string, Partial<CampaignRecord>, Partial<PlanInput>, string[]]>([
    [
      'a cap that is dropped',
      { incentive: { percentOff: { percent: '10', maximum: { minor: 500, currency: 'EUR' } } } },
      { capabilities: { 'incentive.percentOff': 'ENFORCED' } },
      ['WIDER incentive.percentOff.maximum'],
    ],
    ['hours', { conditions: { windows: [{ weekdays: ['FRI'], from: '20:00', to: '02:00' }] } }, {}, ['WIDER condition.hours']],
    ['what the hub sees to', { budget: 50_000 }, { capabilities: { ...all, 'limit.budget': 'BY_HUB' } }, ['BY_HUB limit.budget']],
    [
      'what is kept nearly',
      { conditions: { firstOrderOnly: true } },
      { capabilities: { ...all, 'condition.firstOrder': { approximated: 'by e-mail' } } },
      ['WIDER condition.firstOrder'],
    ],
    ['decimals of a percentage', { incentive: { percentOff: { percent: '12.375' } } }, {}, ['NARROWER incentive.percentOff']],
    [
      'a percentage that would round to nothing',
      { incentive: { percentOff: { percent: '0.004' } } },
      {},
      ['IMPOSSIBLE incentive.percentOff'],
    ],
    [
      'an incentive that the platform has not',
      { incentive: { tender: { value: { minor: 500, currency: 'EUR' } } } },
      {},
      ['IMPOSSIBLE incentive.tender'],
    ],
    ['a main campaign', { incentive: null }, {}, ['IMPOSSIBLE incentive']],
    ['a limit in a period', { limits: [{ counts: 'REDEMPTIONS', per: 'CUSTOMER', period: 'WEEK', max: 1 }] }, {}, ['WIDER limit.period']],
    [
      'an end that is not kept',
      { endsOn: '2026-03-08' },
      { publishing: { codes: { max: 10, perCall: 10 }, dates: 'NONE' } },
      ['WIDER condition.dates'],
    ],
    [
      'whole days only',
      { endsOn: '2026-03-08' },
      { publishing: { codes: { max: 10, perCall: 10 }, dates: 'DAY' } },
      ['WIDER condition.dates'],
    ],
    ['more codes than it takes', {}, { codes: { total: 5000, shared: false, longest: 15, sample: [] } }, ['NARROWER codes.bulk']],
    ['no codes at all', {}, { codes: { total: 0, shared: false, longest: 0, sample: [] } }, ['IMPOSSIBLE codes']],
    ['codes that are too long', {}, { codes: { total: 1, shared: false, longest: 30, sample: ['X'.repeat(30)] } }, ['IMPOSSIBLE codes']],
    [
      'codes of another form',
      {},
      { publishing: { code: { length: 20, form: '[a-z]+' }, codes: { max: 10, perCall: 10 } } },
      ['IMPOSSIBLE codes'],
    ],
    ['a platform without codes', {}, { publishing: {} }, ['WIDER codes.single']],
    ['codes that are given out one by one', { distribution: 'CUSTOMER' }, {}, ['WIDER codes']],
    ['a long name', { name: 'x'.repeat(60) }, {}, ['CHANGED name']],
    [
      'an article that nobody has mapped',
      {
        incentive: {
          amountOff: {
            amount: { minor: 100, currency: 'EUR' },
            scope: { include: { skus: ['A', 'B'] }, excludeDiscounted: false, pick: 'ALL' },
          },
        },
      },
      { items: { ids: ['P-1'], unknown: ['B'] } },
      ['NARROWER items'],
    ],
    [
      'articles of which none is mapped',
      {
        incentive: {
          amountOff: { amount: { minor: 100, currency: 'EUR' }, scope: { include: { skus: ['B'] }, excludeDiscounted: true, pick: 'ALL' } },
        },
      },
      { items: { ids: [], unknown: ['B'] } },
      ['WIDER scope.excludeDiscounted', 'IMPOSSIBLE items'],
    ],
  ])('tells of %s', (_what, change, given, expected) => {
    const plan = planPublication(input(given, change));
    expect(effects(plan.losses)).toEqual(expected);
    expect(plan.publication === null).toBe(expected.some((loss) => loss.startsWith('IMPOSSIBLE')));
  });

  test('never lets more be given than a person has agreed to', () => {
    const losses: Loss[] = (['IMPOSSIBLE', 'WIDER', 'NARROWER', 'CHANGED', 'BY_HUB'] as const).map((effect) => ({
      about: 'x',
      effect,
      message: '',
    }));
    const stopping = (onLoss: 'REFUSE' | 'NARROW' | 'GO_ON') => stoppedBy(losses, onLoss).map(({ effect }) => effect);
    expect(stopping('REFUSE')).toEqual(['IMPOSSIBLE', 'WIDER', 'NARROWER']);
    expect(stopping('NARROW')).toEqual(['IMPOSSIBLE', 'WIDER']);
    expect(stopping('GO_ON')).toEqual(['IMPOSSIBLE']);
  });
});
