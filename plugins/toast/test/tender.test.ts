import { afterAll, describe, expect, test } from '@jest/globals';
import type { Plain } from '@valehub/connector-kit';
import { CODE, check, draft } from './fixtures.ts';
import { type CheckDraft, orderOf } from './order.ts';
import { ask, closeTransport, type Members, usd } from './support.ts';

afterAll(closeTransport);

const bare: CheckDraft = { ...check, status: 'OPEN', payments: [], discounts: [] };
const checkWith = (more: Partial<CheckDraft> = {}): Plain =>
  (orderOf({ ...draft, checks: [{ ...bare, ...more }] })['checks'] as readonly Plain[])[0] ?? null;
const basics = { tenderIdentifier: CODE, orderGuid: 'order-1', check: checkWith() };
const account = { tenderIdentifier: CODE, properties: [{ key: 'Voucher code', value: CODE, tenderPropertyType: 'OTHER' }] };
const pays = { [CODE]: { minor: 2000, kind: 'TENDER' as const } };
const takesOff = { [CODE]: { minor: 525 } };
const ok = { httpStatus: 200, transactionStatus: 'ACCEPT' };

describe('a till that looks a voucher up to pay with', () => {
  test('asks for its code only', async () => {
    expect((await ask('tender', 'TENDER_SEARCH_CONFIG', null)).answer).toEqual({
      ...ok,
      searchConfigResponse: { searchTermNames: [{ key: 'Voucher code', value: 'TEXT', tenderPropertyType: 'OTHER', maxLength: 64 }] },
    });
  });

  test.each([
    ['typed', { searchTerms: [{ key: 'Voucher code', value: ` ${CODE} ` }] }],
    ['read from a card', { swipeData: CODE, searchTerms: [] }],
    ['scanned', { scanData: CODE }],
  ])('finds it %s', async (_how, terms) => {
    const { answer } = await ask('tender', 'TENDER_SEARCH', { searchTransactionInformation: { ...terms, checkGuid: 'check-1' } }, pays);
    expect(answer).toEqual({ ...ok, searchResponse: { searchResults: [account] } });
  });

  test('hears that a code is none, and that nothing was asked', async () => {
    const search = (searchTerms: readonly Plain[]) =>
      ask('tender', 'TENDER_SEARCH', { searchTransactionInformation: { searchTerms } }, pays);
    expect((await search([{ key: 'Voucher code', value: 'NOPE' }])).answer).toEqual({
      httpStatus: 400,
      transactionStatus: 'ERROR_ACCOUNT_INVALID',
    });
    expect((await search([])).answer).toEqual({ httpStatus: 400, transactionStatus: 'ERROR_INVALID_INPUT_PROPERTIES' });
  });
});

describe('a till that asks what a voucher gives', () => {
  test('hears of a discount by name and code, and then of no payment', async () => {
    const discounts = await ask('tender', 'TENDER_RETRIEVE_DISCOUNTS', { discountsTransactionInformation: basics }, takesOff);
    const offer = { name: `Diez por ciento ${CODE}`, identifier: CODE, amount: 5.25 };
    expect(discounts.answer).toEqual({ ...ok, discountsResponse: { account, tenderDiscounts: [offer] } });
    const of = checkWith({ discounts: [{ guid: 'ad-tender', name: '', cents: 525, processingState: 'PENDING_APPLIED' }] });
    const applied = [{ ...offer, selectionGuid: null, appliedDiscountGuid: 'ad-tender' }];
    const payments = await ask(
      'tender',
      'TENDER_RETRIEVE_PAYMENTS',
      { paymentsTransactionInformation: { ...basics, check: of, amount: 48.21, tenderDiscountsApplied: applied } },
      takesOff,
    );
    expect(payments).toMatchObject({ answer: { ...ok, paymentsResponse: { account, tenderPayments: [] } }, asked: [] });
  });

  test.each([
    ['a single unit', 'sel-soup', { selectionGuid: 'sel-soup' }],
    ['several units', 'sel-crab', {}],
  ])('for a voucher on %s gets it where Toast can apply it', async (_what, lineId, placed) => {
    const { answer } = await ask('tender', 'TENDER_RETRIEVE_DISCOUNTS', { discountsTransactionInformation: basics }, takesOff, {
      desk: () => ({
        validate: async () => [
          { code: CODE, ok: true, kind: 'LINE_DISCOUNT', campaign: 'Sopa', amount: usd(525), lines: [{ lineId, amount: usd(525) }] },
        ],
      }),
    });
    expect(answer).toMatchObject({
      discountsResponse: { tenderDiscounts: [{ name: `Sopa ${CODE}`, identifier: CODE, amount: 5.25, ...placed }] },
    });
  });

  test('hears of no discount where the voucher pays, and then of the payment', async () => {
    expect((await ask('tender', 'TENDER_RETRIEVE_DISCOUNTS', { discountsTransactionInformation: basics }, pays)).answer).toEqual({
      ...ok,
      discountsResponse: { account, tenderDiscounts: [] },
    });
    const pay = (amount?: number) =>
      ask(
        'tender',
        'TENDER_RETRIEVE_PAYMENTS',
        { paymentsTransactionInformation: { ...basics, ...(amount === undefined ? {} : { amount }), tipAmount: 0 } },
        pays,
      );
    const payment = { name: `Diez por ciento ${CODE}`, identifier: CODE, type: 'STORED_VALUE', amount: 20, tipAmount: 0 };
    expect((await pay(53.46)).answer).toEqual({ ...ok, paymentsResponse: { account, tenderPayments: [payment] } });
    expect((await pay()).answer).toEqual({ ...ok, paymentsResponse: { account, tenderPayments: [payment] } });
    expect((await pay(5)).answer).toEqual({ httpStatus: 400, transactionStatus: 'ERROR_UNABLE_TO_PROCESS' });
  });

  test.each([
    ['CODE_UNKNOWN', 'ERROR_ACCOUNT_INVALID'],
    ['ALREADY_REDEEMED', 'ERROR_UNABLE_TO_PROCESS'],
  ])('of a voucher that is refused by %s hears %s', async (reason, transactionStatus) => {
    const { answer } = await ask(
      'tender',
      'TENDER_RETRIEVE_DISCOUNTS',
      { discountsTransactionInformation: basics },
      {},
      {
        desk: () => ({ validate: async () => [{ code: CODE, ok: false, reason, message: 'No.' }] }),
      },
    );
    expect(answer).toEqual({ httpStatus: 400, transactionStatus });
  });
});

describe('a till that redeems a tender', () => {
  const used = (identifier: string, amount: number) => ({ name: 'x', identifier, amount });
  const redeem = (discounts: readonly Plain[], payments: readonly Plain[], codes: Parameters<typeof ask>[3]) =>
    ask(
      'tender',
      'TENDER_REDEEM',
      { redeemTransactionInformation: { ...basics, tenderDiscountsApplied: discounts, tenderPaymentsApplied: payments } },
      codes,
    );

  test('redeems a discount for its order, and a payment for its check', async () => {
    const both = { ...takesOff, PAY: { minor: 2000, kind: 'TENDER' as const } };
    const { answer, keys, orders } = await redeem([used(CODE, 5.25)], [used('PAY', 20)], both);
    expect(answer).toEqual(ok);
    expect(keys).toEqual([`toast:transaction-1:${CODE}`, 'toast:transaction-1:PAY']);
    expect(orders.map(({ externalId }) => externalId)).toEqual(['order-1', 'check-1']);
  });

  test('redeems all or nothing', async () => {
    const { answer, asked, keys } = await redeem([used(CODE, 5.25)], [used('NOPE', 20)], takesOff);
    expect(answer).toEqual({ httpStatus: 400, transactionStatus: 'ERROR_UNABLE_TO_PROCESS' });
    expect(asked).toEqual(['redeem', 'redeem', 'reverse']);
    expect(keys[2]).toBe(`toast:transaction-1:undo:${CODE}`);
    expect((await redeem([used(CODE, 5.25), used(CODE, 5.25)], [], takesOff)).answer).toMatchObject({
      transactionStatus: 'ERROR_INVALID_INPUT_PROPERTIES',
    });
    expect((await redeem([used(CODE, 9)], [], takesOff)).asked).toEqual(['redeem', 'reverse']);
  });

  test('takes back what it names, or the account’s', async () => {
    const back = (more: Members) =>
      ask('tender', 'TENDER_REVERSE', { reverseTransactionInformation: { transactionToUpdate: 't-9', ...more } });
    expect((await back({ discountsToRemove: [CODE], paymentsToRemove: ['PAY'] })).keys).toEqual([
      `toast:transaction-1:${CODE}`,
      'toast:transaction-1:PAY',
    ]);
    expect(await back({ tenderIdentifier: CODE })).toMatchObject({ answer: ok, keys: [`toast:transaction-1:${CODE}`] });
    expect(await back({})).toMatchObject({ answer: ok, keys: [] });
  });
});

test.each([
  ['TENDER_GRATUITY', { gratuityTransactionInformation: {} }, 'ERROR_INVALID_TOAST_TRANSACTION_TYPE'],
  ['TENDER_SOMETHING', {}, 'ERROR_INVALID_TOAST_TRANSACTION_TYPE'],
  ['TENDER_REDEEM', {}, 'ERROR_INVALID_INPUT_PROPERTIES'],
])('%s is answered in Toast’s words', async (type, body, transactionStatus) => {
  expect((await ask('tender', type, body)).answer).toEqual({ httpStatus: 400, transactionStatus });
});

test('of a restaurant that is nobody’s store nothing is decided', async () => {
  const nobody = { currency: null };
  const invalid = { httpStatus: 400, transactionStatus: 'ERROR_INVALID_RESTAURANT' };
  expect((await ask('tender', 'TENDER_RETRIEVE_DISCOUNTS', { discountsTransactionInformation: basics }, pays, nobody)).answer).toEqual(
    invalid,
  );
  expect((await ask('tender', 'TENDER_SEARCH', { searchTransactionInformation: { scanData: CODE } }, pays, nobody)).answer).toEqual(
    invalid,
  );
});
