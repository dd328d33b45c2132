import { exactDecimal, exactId, z } from '@valehub/connector-kit';
import { check } from './schemas.ts';

// What Toast asks while a till waits. Which kind of question it is stands in a header, and with loyalty in the body too.

/** A code, read from a card or typed. */
const code = z.string().trim().min(1).max(200);
const decimal = exactDecimal().nullish();
const text = z.string().nullish();
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

const hasOne = (names: readonly string[]) => (body: object) =>
  Object.keys(body).length === 0 || names.some((name) => Object.hasOwn(body, name));

export const redemption = z.looseObject({
  identifier: code,
  appliedDiscountGuid: text,
  amount: decimal,
  quantity: decimal,
  itemApplication: list(z.looseObject({ selectionIdentifier: text, amount: decimal })),
});
export type Redemption = z.output<typeof redemption>;

const checkInformation = z.object({
  loyaltyIdentifier: code.nullish(),
  orderGuid: text,
  check: check.nullish(),
  redemptions: list(redemption),
});

export const loyaltyTransaction = z
  .object({
    toastTransactionType: text,
    searchTransactionInformation: z.looseObject({}).nullish(),
    checkTransactionInformation: checkInformation.nullish(),
    reverseTransactionInformation: z
      .object({ loyaltyIdentifier: code.nullish(), transactionId: exactId(), redemptions: list(redemption) })
      .nullish(),
    transferTransactionInformation: z.looseObject({}).nullish(),
  })
  .refine(({ toastTransactionType: type, ...rest }) => type != null || Object.values(rest).some((part) => part != null), 'a transaction');
export type LoyaltyTransaction = z.output<typeof loyaltyTransaction>;

/** A discount or payment that a till has put on the check by our answer. */
const used = z.object({ identifier: code, amount: decimal, appliedDiscountGuid: text });
export type Used = z.output<typeof used>;
const term = z.object({ key: text, value: text });
/** UNVERIFIED: the specification shows one object, the guide a list. */
const usedOnes = z
  .union([z.array(used), used.transform((one) => [one])])
  .nullish()
  .transform((ones) => ones ?? []);

const tenderBody = z
  .looseObject({
    searchTransactionInformation: z
      .object({ searchTerms: list(term), swipeData: text, scanData: text, orderGuid: text, checkGuid: text })
      .nullish(),
    discountsTransactionInformation: z.object({ tenderIdentifier: code, orderGuid: text, check }).nullish(),
    paymentsTransactionInformation: z
      .object({ tenderIdentifier: code, orderGuid: text, check, amount: decimal, tenderDiscountsApplied: usedOnes })
      .nullish(),
    redeemTransactionInformation: z
      .object({ orderGuid: text, check, tenderPaymentsApplied: usedOnes, tenderDiscountsApplied: usedOnes })
      .nullish(),
    gratuityTransactionInformation: z.looseObject({}).nullish(),
    reverseTransactionInformation: z
      .object({
        tenderIdentifier: code.nullish(),
        transactionToUpdate: exactId(),
        discountsToRemove: list(code),
        paymentsToRemove: list(code),
      })
      .nullish(),
  })
  .refine(
    hasOne(['search', 'discounts', 'payments', 'redeem', 'gratuity', 'reverse'].map((kind) => `${kind}TransactionInformation`)),
    'a transaction',
  );

/** The question for the search terms comes without a body. */
export const tenderTransaction = z.union([z.null().transform(() => ({}) as z.output<typeof tenderBody>), tenderBody]);
export type TenderTransaction = z.output<typeof tenderBody>;

/** Read on the way in by the schemas above; what goes out is made by our own code. */
export const answer = z.looseObject({ httpStatus: z.int().min(200).max(599), transactionStatus: z.string().min(1) });
