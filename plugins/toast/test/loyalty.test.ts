import { afterAll, describe, expect, test } from '@jest/globals';
import type { Connector, Plain } from '@valehub/connector-kit';
import { forger, forgerFor, questionForger, receiveQuestion, runAbout } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { CODE, check, draft, RESTAURANT } from './fixtures.ts';
import { type CheckDraft, type DiscountDraft, orderOf } from './order.ts';
import { ask, closeTransport, type Members, NOW, usd } from './support.ts';

afterAll(closeTransport);

const OTHER = 'DV0815ABCDE';
const bare: CheckDraft = { ...check, status: 'OPEN', payments: [], discounts: [] };
const checkWith = (more: Partial<CheckDraft> = {}): Plain =>
  (orderOf({ ...draft, checks: [{ ...bare, ...more }] })['checks'] as readonly Plain[])[0] ?? null;
const reward = (more: Partial<DiscountDraft> = {}): DiscountDraft => ({
  guid: 'ad-reward',
  name: 'Diez por ciento',
  cents: 525,
  reward: CODE,
  processingState: 'PENDING_APPLIED',
  ...more,
});
const redemption = (more: Members = {}) => ({
  identifier: CODE,
  appliedDiscountGuid: 'ad-reward',
  selectionGuid: null,
  amount: 5.25,
  quantity: 1,
  ...more,
});
const about = (redemptions: readonly Plain[] = [], of: Plain = checkWith(), more: Members = {}): Members => ({
  checkTransactionInformation: { loyaltyIdentifier: CODE, orderGuid: 'order-1', check: of, redemptions, ...more },
});
const ten = { [CODE]: { minor: 525 } };
const refused = { rejectedRedemptions: [{ message: expect.any(String) }], appliedRedemptions: [] };

describe('a till that looks a voucher up', () => {
  test('is offered what the hub gives on the check as it is', async () => {
    const { answer, orders } = await ask('loyalty', 'LOYALTY_INQUIRE', about(), ten);
    expect(answer).toEqual({
      httpStatus: 200,
      transactionStatus: 'ACCEPT',
      checkResponse: {
        accountInfo: { identifier: CODE },
        offers: [{ identifier: CODE, name: 'Diez por ciento', applicable: true, selectionType: 'CHECK', amount: 5.25, quantity: 1 }],
        rejectedRedemptions: [],
        appliedRedemptions: [],
      },
    });
    expect(orders).toEqual([
      {
        externalId: 'order-1',
        location: RESTAURANT,
        currency: 'USD',
        lines: [
          { id: 'sel-crab', sku: '4711', name: 'Crab Cakes', group: 'menu-mains', quantity: '2', unitPrice: usd(2198) },
          {
            id: 'sel-soup',
            sku: 'item-sel-soup',
            name: 'Soup',
            group: 'menu-mains',
            quantity: '1',
            unitPrice: usd(950),
            discount: usd(100),
          },
        ],
        customer: { phone: '+13335555555', email: 'ana@guests.example' },
      },
    ]);
  });

  test('does not see gift cards in the basket, nor what was voided', async () => {
    const lines = [
      ...bare.lines,
      { guid: 'sel-gift', name: 'Gift Card', cents: 5000, gift: true },
      { guid: 'sel-no', name: 'No', cents: 1, voided: true },
    ];
    const { orders } = await ask('loyalty', 'LOYALTY_INQUIRE', about([], checkWith({ lines })), ten);
    expect(orders[0]?.lines.map(({ id }) => id)).toEqual(['sel-crab', 'sel-soup']);
  });

  test.each([
    ['one line', [['sel-crab', 300]], 'ITEM'],
    ['one line that has a discount already', [['sel-soup', 300]], 'CHECK'],
    [
      'lines of several units',
      [
        ['sel-crab', 300],
        ['sel-wine', 225],
      ],
      'CHECK',
    ],
    [
      'single units',
      [
        ['sel-wine', 300],
        ['sel-cake', 225],
      ],
      'MULTI_ITEM',
    ],
  ] as const)('for a voucher on %s is offered it as Toast can apply it', async (_what, parts, selectionType) => {
    const lines = [...bare.lines, { guid: 'sel-wine', name: 'Wine', cents: 900 }, { guid: 'sel-cake', name: 'Cake', cents: 700 }];
    const shares = parts.map(([lineId, minor]) => ({ lineId, amount: usd(minor) }));
    const amount = usd(parts.reduce((sum, [, minor]) => sum + minor, 0));
    const { answer } = await ask('loyalty', 'LOYALTY_INQUIRE', about([], checkWith({ lines })), ten, {
      desk: () => ({
        validate: async () => [{ code: CODE, ok: true, kind: 'LINE_DISCOUNT', campaign: 'Copa', amount, lines: shares }],
      }),
    });
    const itemApplication = parts.map(([selectionIdentifier, minor]) => ({ selectionIdentifier, amount: minor / 100 }));
    expect(answer).toMatchObject({ checkResponse: { offers: [{ selectionType, amount: amount.minor / 100 }] } });
    const [offer] = (answer as { checkResponse: { offers: { itemApplication?: unknown }[] } }).checkResponse.offers;
    expect(offer?.itemApplication).toEqual(selectionType === 'CHECK' ? undefined : itemApplication);
  });

  test('hears that a code is none, and why a voucher cannot be used now', async () => {
    expect((await ask('loyalty', 'LOYALTY_INQUIRE', about())).answer).toEqual({
      httpStatus: 400,
      transactionStatus: 'ERROR_ACCOUNT_INVALID',
    });
    const { answer } = await ask(
      'loyalty',
      'LOYALTY_INQUIRE',
      about(),
      {},
      {
        desk: () => ({ validate: async () => [{ code: CODE, ok: false, reason: 'ALREADY_REDEEMED', message: 'Ya se ha usado.' }] }),
      },
    );
    expect(answer).toMatchObject({
      httpStatus: 200,
      checkResponse: { offers: [{ identifier: CODE, name: 'Ya se ha usado.', applicable: false, quantity: 0 }] },
    });
  });

  test('is not offered a voucher that pays: that is no discount', async () => {
    const { answer } = await ask('loyalty', 'LOYALTY_INQUIRE', about(), { [CODE]: { minor: 2000, kind: 'TENDER' } });
    expect(answer).toMatchObject({ checkResponse: { offers: [{ applicable: false }] } });
  });

  test('has the reward on the check measured again, with the amount of now, and without counting it as a discount', async () => {
    const of = checkWith({ discounts: [reward(), { guid: 'ad-else', name: 'Happy hour', cents: 300 }] });
    const { answer, orders } = await ask('loyalty', 'LOYALTY_INQUIRE', about([redemption({ amount: 9 })], of), ten);
    expect(answer).toMatchObject({
      checkResponse: { offers: [], appliedRedemptions: [{ identifier: CODE, appliedDiscountGuid: 'ad-reward', amount: 5.25 }] },
    });
    const discounts = orders[0]?.lines.map(({ discount }) => discount?.minor ?? 0) ?? [];
    expect(discounts.reduce((sum, minor) => sum + minor, 0)).toBe(100 + 300);
  });

  test('has a reward taken off that the rules refuse, and one that was put on twice', async () => {
    const of = checkWith({ discounts: [reward(), reward({ guid: 'ad-again' })] });
    const twice = [redemption(), redemption({ appliedDiscountGuid: 'ad-again' })];
    const { answer } = await ask('loyalty', 'LOYALTY_INQUIRE', about(twice, of), ten);
    expect(answer).toMatchObject({
      checkResponse: {
        appliedRedemptions: [{ appliedDiscountGuid: 'ad-reward' }],
        rejectedRedemptions: [{ redemption: { appliedDiscountGuid: 'ad-again' }, message: 'A voucher can be used once on a check.' }],
      },
    });
    const stacked = await ask('loyalty', 'LOYALTY_INQUIRE', about([redemption({ quantity: 2 })], of), ten);
    expect(stacked.answer).toMatchObject({ checkResponse: refused });
    const unknown = await ask('loyalty', 'LOYALTY_INQUIRE', about([redemption()], of), {});
    expect(unknown.answer).toMatchObject({ httpStatus: 200, checkResponse: refused });
  });
});

describe('a till that redeems', () => {
  const of = checkWith({ discounts: [reward()] });

  test('redeems with the payment, under the key of its transaction', async () => {
    const { answer, asked, keys } = await ask('loyalty', 'LOYALTY_REDEEM', about([redemption()], of), ten, { transaction: 't-9' });
    expect(answer).toMatchObject({
      transactionStatus: 'ACCEPT',
      checkResponse: { rejectedRedemptions: [], appliedRedemptions: [{ amount: 5.25 }] },
    });
    expect([asked, keys]).toEqual([['redeem'], [`toast:t-9:${CODE}`]]);
  });

  test('with a voucher that is used up meanwhile takes it off again; the others stand', async () => {
    const two = checkWith({ discounts: [reward(), reward({ guid: 'ad-two', reward: OTHER, cents: 100 })] });
    const both = [redemption({ identifier: OTHER, appliedDiscountGuid: 'ad-two', amount: 1 }), redemption()];
    const { answer, asked } = await ask('loyalty', 'LOYALTY_REDEEM', about(both, two), ten);
    expect(answer).toMatchObject({
      checkResponse: {
        rejectedRedemptions: [{ redemption: { identifier: OTHER }, message: 'No conocemos este código.' }],
        appliedRedemptions: [{ identifier: CODE }],
      },
    });
    expect(asked).toEqual(['redeem', 'redeem']);
  });

  test('at another amount than the hub gives by now redeems nothing', async () => {
    const { answer, asked, keys } = await ask('loyalty', 'LOYALTY_REDEEM', about([redemption({ amount: 9 })], of), ten);
    expect(answer).toMatchObject({ checkResponse: { ...refused, rejectedRedemptions: [{ message: expect.stringContaining('5.25') }] } });
    expect([asked, keys[1]]).toEqual([['redeem', 'reverse'], `toast:transaction-1:${CODE}:undo`]);
  });

  test('on several selections at once adds up what it gave', async () => {
    const items = [
      { selectionIdentifier: 'sel-crab', amount: 5 },
      { selectionIdentifier: 'sel-soup', amount: 0.25 },
    ];
    const { answer } = await ask('loyalty', 'LOYALTY_REDEEM', about([redemption({ amount: null, itemApplication: items })], of), ten);
    expect(answer).toMatchObject({ checkResponse: { appliedRedemptions: [{ identifier: CODE, itemApplication: items }] } });
  });

  test('the rest of a split check does not redeem again what its first payment has redeemed', async () => {
    const applied = checkWith({ discounts: [reward({ processingState: 'APPLIED' })] });
    const { answer, asked } = await ask('loyalty', 'LOYALTY_REDEEM', about([redemption()], applied), {});
    expect(answer).toMatchObject({ checkResponse: { appliedRedemptions: [{ amount: 5.25 }], rejectedRedemptions: [] } });
    expect(asked).toEqual([]);
  });

  test('takes back by the transaction that redeemed: what it names, or all of it', async () => {
    const back = (redemptions?: readonly Plain[]): Plain => ({
      reverseTransactionInformation: { loyaltyIdentifier: CODE, transactionId: 't-9', ...(redemptions ? { redemptions } : {}) },
    });
    const reversed: unknown[] = [];
    const given = {
      transaction: 't-10',
      desk: () => ({
        async reverse(input: unknown) {
          reversed.push(input);
          return { reversed: true };
        },
      }),
    };
    expect((await ask('loyalty', 'LOYALTY_REVERSE', back(), {}, given)).answer).toEqual({ httpStatus: 200, transactionStatus: 'ACCEPT' });
    await ask('loyalty', 'LOYALTY_REVERSE', back([redemption({ identifier: OTHER }), redemption({ identifier: OTHER })]), {}, given);
    expect(reversed).toEqual([
      { key: `toast:t-10:${CODE}`, redeemKey: `toast:t-9:${CODE}`, location: RESTAURANT },
      { key: `toast:t-10:${OTHER}`, redeemKey: `toast:t-9:${OTHER}`, location: RESTAURANT },
    ]);
    const not = { desk: () => ({ reverse: async () => ({ reversed: false }) }) };
    expect((await ask('loyalty', 'LOYALTY_REVERSE', back(), {}, not)).answer).toEqual({
      httpStatus: 400,
      transactionStatus: 'ERROR_TRANSACTION_CANNOT_BE_REVERSED',
    });
  });
});

describe('what else a till asks', () => {
  test.each<[string, Plain, object, object]>([
    [
      'LOYALTY_SEARCH',
      { searchTransactionInformation: { searchCriteria: { lastName: 'Smith' } } },
      {},
      { httpStatus: 404, transactionStatus: 'ERROR_ACCOUNT_INVALID' },
    ],
    ['LOYALTY_ACCRUE', about([], checkWith(), { loyaltyIdentifier: null }), {}, { httpStatus: 200, transactionStatus: 'ACCEPT' }],
    ['LOYALTY_TRANSFER', { transferTransactionInformation: {} }, {}, { httpStatus: 400, transactionStatus: 'ERROR_INVALID_TRANSFER' }],
    ['LOYALTY_SOMETHING', about(), {}, { httpStatus: 400, transactionStatus: 'ERROR_INVALID_TOAST_TRANSACTION_TYPE' }],
    ['LOYALTY_INQUIRE', about([], null), {}, { httpStatus: 400, transactionStatus: 'ERROR_INVALID_INPUT_PROPERTIES' }],
    [
      'LOYALTY_REDEEM',
      about([redemption()]),
      { transaction: '' },
      { httpStatus: 400, transactionStatus: 'ERROR_INVALID_INPUT_PROPERTIES' },
    ],
    ['LOYALTY_REVERSE', about(), {}, { httpStatus: 400, transactionStatus: 'ERROR_INVALID_INPUT_PROPERTIES' }],
    ['LOYALTY_INQUIRE', about(), { currency: null }, { httpStatus: 400, transactionStatus: 'ERROR_INVALID_RESTAURANT' }],
  ])('%s is answered in Toast’s words', async (type, body, given, answer) => {
    const heard = await ask('loyalty', type, body, ten, given);
    expect(heard.answer).toEqual(answer);
    expect(heard.asked).toEqual([]);
  });

  test('is known by the body where the header is missing', async () => {
    expect((await ask('loyalty', '', { ...about(), toastTransactionType: 'LOYALTY_INQUIRE' }, ten)).answer).toMatchObject({
      transactionStatus: 'ACCEPT',
    });
  });
});

describe('a question', () => {
  const HOOK = 'https://hub.example.com/webhooks/c-1/loyalty';
  const body = JSON.stringify(about());
  const headers = (guid: string) =>
    [
      ['content-type', 'application/json'],
      ['Toast-Transaction-GUID', guid],
      ['Toast-Transaction-Type', 'LOYALTY_INQUIRE'],
    ] as const;

  test('is the same again by the GUID of the transaction and the account', async () => {
    const key = async (guid: string, account: string) => {
      const delivery = {
        method: 'POST',
        headers: { 'toast-transaction-guid': guid, 'toast-restaurant-external-id': RESTAURANT },
        query: {},
        body: about([], checkWith(), { loyaltyIdentifier: account }),
        bodyHash: 'hash',
        receivedAt: '',
        signed: true,
      };
      const ran = await runAbout(connector, 'loyalty', delivery);
      return ran.ok ? ran.value : ran;
    };
    expect(await key('t-1', CODE)).toEqual({ location: RESTAURANT, repeatKey: ` t-1 ${CODE}` });
    expect(await key('t-1', OTHER)).toEqual({ location: RESTAURANT, repeatKey: ` t-1 ${OTHER}` });
    const { 'toast-transaction-guid': _none, ...rest } = { 'toast-transaction-guid': '', a: 'b' };
    expect(
      await runAbout(connector, 'loyalty', {
        method: 'POST',
        headers: rest,
        query: {},
        body: about(),
        bodyHash: 'hash',
        receivedAt: '',
        signed: true,
      }),
    ).toEqual({
      ok: true,
      value: { repeatKey: 'body hash' },
    });
  });

  const take = (request: Parameters<typeof receiveQuestion>[2], keys: Readonly<Record<string, string>>) =>
    receiveQuestion(connector, 'loyalty', request, { keys: (name) => (keys[name] === undefined ? [] : [keys[name]]), nowMs: NOW });

  test('is proven by the key that we gave to Toast', async () => {
    const ours = questionForger(connector, 'loyalty');
    const request = ours.sign({ url: HOOK, body, headers: headers('t-1'), at: NOW });
    expect(request.headers).toContainEqual(['authorization', ours.secrets['outboundApiKey']]);
    expect(await take(request, { ...ours.secrets, clientSecret: 'x' })).toMatchObject({
      kind: 'delivery',
      delivery: { headers: { 'toast-transaction-guid': 't-1' } },
    });
    expect(await take(request, { outboundApiKey: 'another', clientSecret: 'x' })).toMatchObject({ fault: 'SIGNATURE_WRONG' });
  });

  test('without such a key is proven by a token that Toast signs with the key it publishes', async () => {
    const verify = connector.questions?.['loyalty']?.verify as readonly Parameters<typeof forger>[0][];
    const [, older] = verify;
    if (!older) throw new Error('no second scheme');
    const ours = forger(older);
    const request = ours.sign({ url: HOOK, body, headers: headers('t-1'), at: NOW });
    expect(Object.keys(ours.secrets)).toEqual(['jwks:api/usermgmt/v1/oauth/token_key']);
    expect(JSON.parse(Object.values(ours.secrets)[0] ?? '{}')).toEqual({ value: expect.stringContaining('BEGIN PUBLIC KEY') });
    expect(await take(request, { ...ours.secrets, clientSecret: 'x' })).toMatchObject({ kind: 'delivery' });
    expect(await take(request, { ...forger(older).secrets, clientSecret: 'x' })).toMatchObject({ fault: 'SIGNATURE_WRONG' });
    expect(await take(request, { clientSecret: 'x' })).toMatchObject({ fault: 'KEY_MISSING' });
    // Once there is a key of ours, the older way is none any more.
    expect(await take(request, { ...ours.secrets, clientSecret: 'x', outboundApiKey: 'ours' })).toMatchObject({ fault: 'SIGNATURE_WRONG' });
  });

  test('is no webhook: what proves the one does not prove the other', async () => {
    const webhook = forgerFor(connector as Connector);
    const request = webhook.sign({ url: HOOK, body, headers: headers('t-1'), at: NOW });
    expect(await take(request, { ...webhook.secrets, outboundApiKey: 'ours' })).toMatchObject({ fault: 'SIGNATURE_MISSING' });
  });
});
