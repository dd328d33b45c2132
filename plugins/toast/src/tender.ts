import type { Delivery, Plain, Question } from '@valehub/connector-kit';
import { basketOf } from './basket.ts';
import { tillOf } from './orders.ts';
import { answer, type TenderTransaction, tenderTransaction } from './question-schemas.ts';
import type { settings } from './settings.ts';
import { discounts, isOneOf, type Part, payments, search, TERM } from './tender-offers.ts';
import { amount } from './till.ts';
import { aboutOf, accept, common, type DeskCtx, refuse, type Transaction, transactionOf } from './transactions.ts';
import { redeemOne, reverseAll } from './vouchers.ts';

/**
 * All of it or nothing: Toast knows no middle. A discount is redeemed for the order, which shows it when it arrives. Of a payment orders
 * tell no reference: it is redeemed for the check, so that no order without its code takes it back; Toast says by itself when it is void.
 */
async function redeem(ctx: DeskCtx, transaction: Transaction, info: Part<'redeemTransactionInformation'>): Promise<Plain> {
  const till = tillOf(ctx, transaction.location);
  const wanted = [
    ...info.tenderDiscountsApplied.map((used) => ({ used, externalId: info.orderGuid ?? info.check.guid })),
    ...info.tenderPaymentsApplied.map((used) => ({ used, externalId: info.check.guid })),
  ];
  const codes = wanted.map(({ used }) => used.identifier);
  if (new Set(codes).size !== codes.length || transaction.guid === '') return refuse('ERROR_INVALID_INPUT_PROPERTIES');
  for (const [index, { used, externalId }] of wanted.entries()) {
    const order = basketOf(ctx, transaction.location, info.check, externalId, isOneOf(info.tenderDiscountsApplied));
    if (!order) return refuse('ERROR_INVALID_RESTAURANT');
    if ((await redeemOne(ctx, transaction, order, used.identifier, amount(till, used.amount))).ok) continue;
    await reverseAll(ctx, { ...transaction, guid: `${transaction.guid}:undo` }, transaction.guid, codes.slice(0, index));
    return refuse('ERROR_UNABLE_TO_PROCESS');
  }
  return accept();
}

async function reverse(ctx: DeskCtx, transaction: Transaction, info: Part<'reverseTransactionInformation'>): Promise<Plain> {
  const named = [...info.discountsToRemove, ...info.paymentsToRemove];
  const codes = named.length > 0 ? named : info.tenderIdentifier ? [info.tenderIdentifier] : [];
  const isBack = await reverseAll(ctx, transaction, info.transactionToUpdate, codes);
  return isBack ? accept() : refuse('ERROR_TRANSACTION_CANNOT_BE_REVERSED');
}

async function answerTo(ctx: DeskCtx, body: TenderTransaction, delivery: Delivery): Promise<Plain> {
  const told = transactionOf(delivery);
  const transaction = { ...told, location: told.location ?? ctx.location };
  const answered = <T>(part: T | null | undefined, answerOf: (ctx: DeskCtx, transaction: Transaction, part: T) => Promise<Plain>) =>
    part == null ? refuse('ERROR_INVALID_INPUT_PROPERTIES') : answerOf(ctx, transaction, part);
  switch (transaction.type) {
    case 'TENDER_SEARCH_CONFIG':
      return accept({
        searchConfigResponse: { searchTermNames: [{ key: TERM, value: 'TEXT', tenderPropertyType: 'OTHER', maxLength: 64 }] },
      });
    case 'TENDER_SEARCH':
      return answered(body.searchTransactionInformation, search);
    case 'TENDER_RETRIEVE_DISCOUNTS':
      return answered(body.discountsTransactionInformation, discounts);
    case 'TENDER_RETRIEVE_PAYMENTS':
      return answered(body.paymentsTransactionInformation, payments);
    case 'TENDER_REDEEM':
      return answered(body.redeemTransactionInformation, redeem);
    case 'TENDER_REVERSE':
      return answered(body.reverseTransactionInformation, reverse);
    // A voucher pays no tip, and TENDER_GRATUITY asks for nothing else.
    default:
      return refuse('ERROR_INVALID_TOAST_TRANSACTION_TYPE');
  }
}

function accountOf(body: Plain): string | null | undefined {
  const told = tenderTransaction.safeParse(body);
  if (!told.success) return undefined;
  const { discountsTransactionInformation: by, paymentsTransactionInformation: paid, reverseTransactionInformation: back } = told.data;
  return by?.tenderIdentifier ?? paid?.tenderIdentifier ?? back?.tenderIdentifier;
}

/** The voucher as a way to pay at the till. */
export const tender: Question<typeof settings> = {
  ...common,
  title: 'Toast tender',
  body: ['json', 'empty'],
  input: tenderTransaction,
  output: answer,
  about: (delivery) => aboutOf(delivery, accountOf(delivery.body)),
  answer: (ctx, input, delivery) => answerTo(ctx, tenderTransaction.parse(input), delivery),
  otherwise: { status: 500, body: { transactionStatus: 'ERROR_UNABLE_TO_PROCESS' } },
};
