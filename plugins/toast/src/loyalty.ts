import type { Delivery, DeskOrder, Money, Plain, Question } from '@valehub/connector-kit';
import { basketOf, isUnknown } from './basket.ts';
import { checkResponse, type Judged, offerOf } from './offers.ts';
import { tillOf } from './orders.ts';
import { answer, type LoyaltyTransaction, loyaltyTransaction, type Redemption } from './question-schemas.ts';
import type { AppliedDiscount, Check } from './schemas.ts';
import type { settings } from './settings.ts';
import { amount, total } from './till.ts';
import { aboutOf, accept, common, type DeskCtx, refuse, type Transaction, transactionOf } from './transactions.ts';
import { redeemOne, reverseAll } from './vouchers.ts';

/** A question about a check, all of it there: the account that was looked up is the voucher, its code what was scanned or typed. */
interface Asked {
  readonly transaction: Transaction;
  readonly code: string;
  readonly check: Check;
  readonly order: DeskOrder;
  readonly redemptions: readonly Redemption[];
}

const isOf =
  (redemptions: readonly Redemption[]) =>
  ({ guid, loyaltyDetails }: AppliedDiscount): boolean =>
    redemptions.some(({ identifier, appliedDiscountGuid }) => guid === appliedDiscountGuid || loyaltyDetails?.referenceId === identifier);

/** What the till has taken off for a reward. */
function atTill(ctx: DeskCtx, { location }: Transaction, { amount: told, itemApplication }: Redemption): Money {
  const till = tillOf(ctx, location);
  if (itemApplication.length === 0) return amount(till, told);
  return total(
    till,
    itemApplication.map((part) => amount(till, part.amount)),
  );
}

/** Redeemed with an earlier payment of the same check: the till names it again with the next one. */
function isRedeemed({ check }: Asked, redemption: Redemption): boolean {
  const onIt = [...check.appliedDiscounts, ...check.selections.flatMap(({ appliedDiscounts }) => appliedDiscounts)];
  return onIt.filter(isOf([redemption])).some(({ processingState }) => processingState === 'APPLIED');
}

/** Goes through the rewards on the check. A voucher can be taken off once, whatever the till lets staff do. */
async function judge(
  ctx: DeskCtx,
  asked: Asked,
  decide: (redemption: Redemption, given: Money) => Promise<Judged['verdict']>,
): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (const redemption of asked.redemptions) {
    const given = atTill(ctx, asked.transaction, redemption);
    const isTwice =
      judged.some((one) => one.redemption.identifier === redemption.identifier) || !['', '0', '1'].includes(redemption.quantity ?? '');
    const verdict = isTwice
      ? { ok: false as const, message: 'A voucher can be used once on a check.' }
      : isRedeemed(asked, redemption)
        ? { ok: true as const, amount: given }
        : await decide(redemption, given);
    judged.push({ redemption, verdict });
  }
  return judged;
}

async function inquire(ctx: DeskCtx, asked: Asked): Promise<Plain> {
  const { code, order, redemptions } = asked;
  const codes = [...new Set([code, ...redemptions.map(({ identifier }) => identifier)])];
  const outcomes = await ctx.desk.validate({ codes, order });
  const outcomeOf = (wanted: string) => outcomes[codes.indexOf(wanted)];
  const account = outcomeOf(code);
  if (!account || (isUnknown(account) && redemptions.length === 0)) return refuse('ERROR_ACCOUNT_INVALID');
  const judged = await judge(ctx, asked, async ({ identifier }) => outcomeOf(identifier) ?? { ok: false, message: '' });
  const isOn = redemptions.some(({ identifier }) => identifier === code);
  return checkResponse(ctx, code, isOn ? [] : [offerOf(ctx, order, { ...account, code })], judged);
}

/** Each voucher by itself: Toast takes those off again that are refused, and may later take back one of several. */
async function redeem(ctx: DeskCtx, asked: Asked): Promise<Plain> {
  const { transaction, order, code } = asked;
  const judged = await judge(ctx, asked, ({ identifier }, given) => redeemOne(ctx, transaction, order, identifier, given));
  return checkResponse(ctx, code, [], judged);
}

async function aboutCheck(
  ctx: DeskCtx,
  transaction: Transaction,
  info: LoyaltyTransaction['checkTransactionInformation'],
  answerOf: (ctx: DeskCtx, asked: Asked) => Promise<Plain>,
): Promise<Plain> {
  if (!info?.loyaltyIdentifier || !info.check || transaction.guid === '') return refuse('ERROR_INVALID_INPUT_PROPERTIES');
  const { loyaltyIdentifier: code, check, redemptions } = info;
  const order = basketOf(ctx, transaction.location, check, info.orderGuid ?? check.guid, isOf(redemptions));
  return order ? answerOf(ctx, { transaction, code, check, order, redemptions }) : refuse('ERROR_INVALID_RESTAURANT');
}

async function reverse(ctx: DeskCtx, transaction: Transaction, info: LoyaltyTransaction['reverseTransactionInformation']): Promise<Plain> {
  if (!info || transaction.guid === '') return refuse('ERROR_INVALID_INPUT_PROPERTIES');
  const named = info.redemptions.map(({ identifier }) => identifier);
  const codes = named.length > 0 ? named : info.loyaltyIdentifier ? [info.loyaltyIdentifier] : [];
  const isBack = await reverseAll(ctx, transaction, info.transactionId, codes);
  return isBack ? accept() : refuse('ERROR_TRANSACTION_CANNOT_BE_REVERSED');
}

async function answerTo(ctx: DeskCtx, body: LoyaltyTransaction, delivery: Delivery): Promise<Plain> {
  const told = transactionOf(delivery);
  const transaction = { ...told, location: told.location ?? ctx.location };
  switch (told.type || body.toastTransactionType) {
    // Guests are not looked up by name or number: a voucher is known by its code. Toast wants 404 where nobody is found.
    case 'LOYALTY_SEARCH':
      return refuse('ERROR_ACCOUNT_INVALID', 404);
    case 'LOYALTY_INQUIRE':
      return aboutCheck(ctx, transaction, body.checkTransactionInformation, inquire);
    case 'LOYALTY_REDEEM':
      return aboutCheck(ctx, transaction, body.checkTransactionInformation, redeem);
    case 'LOYALTY_REVERSE':
      return reverse(ctx, transaction, body.reverseTransactionInformation);
    // What an order earns is decided when the order itself arrives.
    case 'LOYALTY_ACCRUE':
      return accept();
    case 'LOYALTY_TRANSFER':
      return refuse('ERROR_INVALID_TRANSFER');
    default:
      return refuse('ERROR_INVALID_TOAST_TRANSACTION_TYPE');
  }
}

function accountOf(body: Plain): string | null | undefined {
  const told = loyaltyTransaction.safeParse(body);
  return told.success ? (told.data.checkTransactionInformation ?? told.data.reverseTransactionInformation)?.loyaltyIdentifier : undefined;
}

/** The voucher as a reward at the till: looked up, offered, redeemed with the payment, taken back with a void. */
export const loyalty: Question<typeof settings> = {
  ...common,
  title: 'Toast loyalty',
  body: ['json'],
  input: loyaltyTransaction,
  output: answer,
  about: (delivery) => aboutOf(delivery, accountOf(delivery.body)),
  answer: (ctx, input, delivery) => answerTo(ctx, loyaltyTransaction.parse(input), delivery),
  otherwise: { status: 500, body: { transactionStatus: 'ERROR', message: 'The voucher hub cannot answer.' } },
};
