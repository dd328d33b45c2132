import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/domain/decision/decide.ts';
import { nearestBasketText, reasonText } from '../../src/domain/shared/reason-texts.ts';
import { REASON_CODES, type ReasonCode } from '../../src/domain/shared/reasons.ts';
import {
  amountOff,
  campaign,
  countersOf,
  earlier,
  found,
  HOUR,
  input,
  limit,
  line,
  NOW,
  percentOff,
  reasonsOf,
  rejected,
} from './builders.ts';
import { key, pizza, REFUSALS } from './refusal-cases.ts';

const setting = (language: 'es' | 'en') => ({ language, timeZone: 'Europe/Madrid' });

describe('a refusal says which rule failed, with its numbers', () => {
  test.each(REFUSALS.map((refusal) => [`${refusal.reason}${refusal.when === undefined ? '' : `: ${refusal.when}`}`, refusal] as const))(
    '%s',
    (_name, refusal) => {
      const decision = decide(refusal.given);
      const draft = rejected(decision, refusal.index ?? decision.outcomes.length - 1);
      expect(reasonsOf(draft)).toEqual(refusal.all ?? [refusal.reason]);
      const [headline] = draft.failures;
      expect(reasonText(headline.reason, headline.facts, setting('es'))).toBe(refusal.es);
      expect(reasonText(headline.reason, headline.facts, setting('en'))).toBe(refusal.en);
      expect(draft.nearestBasket).toEqual(refusal.nearest ?? null);
      if (refusal.nearestEn !== undefined && draft.nearestBasket !== null)
        expect(nearestBasketText(draft.nearestBasket, 'EUR', setting('en'))).toBe(refusal.nearestEn);
    },
  );

  test('every reason that deciding can give is in the table', () => {
    const engineOnly: readonly ReasonCode[] = [
      'HOLD_EXPIRED',
      'HOLD_MISMATCH',
      'IDEMPOTENCY_KEY_REUSED',
      'ALREADY_REVERSED',
      'REVERSAL_EXCEEDS',
      'TOO_MANY_ATTEMPTS',
    ];
    const tried = new Set(REFUSALS.map((refusal) => refusal.reason));
    expect(REASON_CODES.filter((reason) => !tried.has(reason) && !engineOnly.includes(reason))).toEqual([]);
  });
});

describe('the first failing rule is the headline, all are listed', () => {
  test('state, dates, place, customer, basket, limits, combining: in this order', () => {
    const terms = campaign(percentOff('50', { scope: pizza }), {
      status: 'PAUSED',
      endsOn: '2026-05-01',
      storeIds: ['sto_malaga'],
      conditions: { channels: ['ONLINE'], minimumOrder: 5000, customerRequired: true },
      limits: [limit('STORE', 1)],
      stacking: { priority: 0, group: 'g', exclusive: false },
    });
    const draft = rejected(
      decide(
        input([line('calzone', 100, { discount: 10 })], [found('C', terms, { status: 'BLOCKED', validUntil: NOW - HOUR })], {
          counter: countersOf({ [key('STORE', 'EVER', '', 'sto_sevilla')]: { used: 1 } }),
          earlier: [earlier({ groups: ['g'], lockedDiscounts: {} })],
        }),
      ),
    );
    expect(reasonsOf(draft)).toEqual([
      'BLOCKED',
      'CAMPAIGN_PAUSED',
      'CAMPAIGN_ENDED',
      'VOUCHER_EXPIRED',
      'WRONG_STORE',
      'WRONG_CHANNEL',
      'CUSTOMER_REQUIRED',
      'ORDER_BELOW_MINIMUM',
      'NO_ELIGIBLE_ITEM',
      'LIMIT_STORE',
      'NOT_COMBINABLE',
      'LINES_LOCKED',
    ]);
    // Nothing that the guest can add would help a blocked voucher.
    expect(draft.nearestBasket).toBeNull();
  });

  test('what would help is told of all failing rules together', () => {
    const terms = campaign(amountOff(100, { ...pizza, triggerQuantity: '2' }), {
      startsOn: '2026-05-10',
      conditions: { minimumOrder: 2000 },
      main: campaign(null, { startsOn: '2026-05-12' }),
    });
    const draft = rejected(decide(input([line('margarita', 950)], [found('C', terms)])));
    expect(reasonsOf(draft)).toEqual(['CAMPAIGN_NOT_STARTED', 'CAMPAIGN_NOT_STARTED', 'ORDER_BELOW_MINIMUM', 'TRIGGER_QUANTITY_NOT_MET']);
    expect(draft.nearestBasket).toEqual({
      validFrom: '2026-05-12T02:00:00.000Z',
      addAmount: 1050,
      addQuantity: '1',
      eligibleSkus: ['margarita', 'diavola'],
    });
  });
});
