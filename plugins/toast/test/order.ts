import type { Plain } from '@valehub/connector-kit';

// Orders as Toast tells them, made of cents so that tests know the truth to the cent. Invented people, dishes and numbers.

export interface DiscountDraft {
  readonly guid: string;
  readonly name: string;
  readonly cents: number;
  readonly code?: string;
  /** Of a reward: what the loyalty provider calls it, and how far it is. */
  readonly reward?: string;
  readonly processingState?: string;
  readonly discount?: string;
  readonly comment?: string;
}

export interface LineDraft {
  readonly guid: string;
  readonly name: string;
  /** Of one, with its modifiers. */
  readonly cents: number;
  readonly quantity?: number;
  readonly plu?: string;
  readonly discount?: DiscountDraft;
  readonly voided?: boolean;
  readonly gift?: boolean;
  readonly refund?: { readonly cents: number; readonly transaction: string };
}

export interface PaymentDraft {
  readonly guid: string;
  readonly cents: number;
  readonly tipCents?: number;
  readonly type?: string;
  readonly status?: string;
  readonly voided?: boolean;
  readonly refund?: { readonly cents: number; readonly tipCents?: number; readonly transaction: string; readonly at: string };
}

export interface CheckDraft {
  readonly guid: string;
  readonly lines: readonly LineDraft[];
  readonly discounts?: readonly DiscountDraft[];
  readonly charges?: readonly { readonly guid: string; readonly name: string; readonly cents: number; readonly gratuity?: boolean }[];
  readonly payments?: readonly PaymentDraft[];
  readonly status?: 'OPEN' | 'PAID' | 'CLOSED';
  readonly voided?: boolean;
  readonly deleted?: boolean;
  readonly tabName?: string;
  readonly loyaltyIdentifier?: string;
  readonly customer?: Readonly<Record<string, string>>;
  /** Basis points: 625 is 6.25 %. */
  readonly taxPoints?: number;
}

export interface OrderDraft {
  readonly guid: string;
  readonly checks: readonly CheckDraft[];
  readonly openedDate?: string;
  readonly modifiedDate?: string;
  readonly businessDate?: number;
  readonly source?: string;
  readonly voided?: boolean;
  readonly deleted?: boolean;
  readonly testMode?: boolean;
}

/** 1250 as Toast writes it: 12.5. */
const dollars = (cents: number): number =>
  Number(`${cents < 0 ? '-' : ''}${Math.floor(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, '0')}`);

const EPOCH = '1970-01-01T00:00:00.000+0000';
const OPENED = '2026-03-06T11:02:11.500-0800';
const CHANGED = '2026-03-06T11:30:00.000-0800';

const discountOf = (draft: DiscountDraft) => ({
  guid: draft.guid,
  entityType: 'AppliedCustomDiscount',
  externalId: null,
  name: draft.name,
  discountAmount: dollars(draft.cents),
  nonTaxDiscountAmount: dollars(draft.cents),
  discount: { guid: draft.discount ?? 'discount-open', entityType: 'Discount' },
  triggers: [],
  comboItems: [],
  approver: null,
  processingState: draft.processingState ?? (draft.reward === undefined ? null : 'APPLIED'),
  appliedDiscountReason: draft.comment === undefined ? null : { name: 'Guest', description: null, comment: draft.comment },
  loyaltyDetails: draft.reward === undefined ? null : { vendor: 'INTEGRATION', referenceId: draft.reward },
  appliedPromoCode: draft.code ?? null,
});

export const isLive = ({ processingState }: DiscountDraft): boolean => processingState !== 'VOID' && processingState !== 'PENDING_VOID';
export const grossOf = ({ cents, quantity = 1 }: LineDraft): number => Math.round(cents * quantity);
const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0);
const netOf = (line: LineDraft): number => grossOf(line) - (line.discount && isLive(line.discount) ? line.discount.cents : 0);

/** What the discounts of the check take off each line: in proportion, the last takes the rest. */
export function sharesOf(check: CheckDraft): Map<string, number> {
  const sold = check.lines.filter(({ voided }) => !voided);
  const whole = sum((check.discounts ?? []).filter(isLive).map(({ cents }) => cents));
  const all = sum(sold.map(netOf));
  let left = whole;
  return new Map(
    sold.map((line, index) => {
      const share = index === sold.length - 1 ? left : Math.min(left, Math.floor((whole * netOf(line)) / (all || 1)));
      left -= share;
      return [line.guid, share];
    }),
  );
}

export interface CheckTruth {
  readonly goods: number;
  readonly charges: number;
  readonly tax: number;
  readonly total: number;
}

export function truthOf(check: CheckDraft): CheckTruth {
  const sold = check.lines.filter(({ voided }) => !voided);
  const shares = sharesOf(check);
  const goods = sum(sold.map((line) => netOf(line) - (shares.get(line.guid) ?? 0)));
  const charges = sum((check.charges ?? []).map(({ cents }) => cents));
  const tax = Math.round((goods * (check.taxPoints ?? 0)) / 10_000);
  return { goods, charges, tax, total: goods + charges + tax };
}

function checkOf(draft: CheckDraft, changed: string): { readonly [name: string]: Plain } {
  const shares = sharesOf(draft);
  const truth = truthOf(draft);
  const gratuity = sum((draft.charges ?? []).filter((charge) => charge.gratuity).map(({ cents }) => cents));
  const status = draft.status ?? 'CLOSED';
  return {
    guid: draft.guid,
    entityType: 'Check',
    externalId: null,
    displayNumber: '7',
    tabName: draft.tabName ?? null,
    paymentStatus: status,
    voided: draft.voided ?? false,
    deleted: draft.deleted ?? false,
    deletedDate: draft.deleted ? changed : EPOCH,
    modifiedDate: changed,
    amount: dollars(truth.goods + truth.charges - gratuity),
    taxAmount: dollars(truth.tax),
    totalAmount: dollars(truth.total),
    customer: draft.customer ? { entityType: 'Customer', ...draft.customer } : null,
    appliedLoyaltyInfo:
      draft.loyaltyIdentifier === undefined ? null : { loyaltyIdentifier: draft.loyaltyIdentifier, vendor: 'INTEGRATION' },
    appliedDiscounts: (draft.discounts ?? []).map(discountOf),
    appliedServiceCharges: (draft.charges ?? []).map(({ guid, name, cents, gratuity: isTip }) => ({
      guid,
      name,
      chargeAmount: dollars(cents),
      gratuity: isTip ?? false,
      appliedTaxes: [],
    })),
    selections: draft.lines.map((line) => ({
      guid: line.guid,
      entityType: 'MenuItemSelection',
      item: { guid: `item-${line.guid}`, entityType: 'MenuItem' },
      itemGroup: { guid: 'menu-mains', entityType: 'MenuGroup' },
      displayName: line.name,
      plu: line.plu ?? null,
      quantity: line.quantity ?? 1,
      receiptLinePrice: dollars(line.cents),
      preDiscountPrice: dollars(grossOf(line)),
      price: line.voided ? 0 : dollars(netOf(line) - (shares.get(line.guid) ?? 0)),
      tax: 0,
      voided: line.voided ?? false,
      deferred: line.gift ?? false,
      selectionType: line.gift ? 'TOAST_CARD_SELL' : 'NONE',
      modifiedDate: changed,
      modifiers: [],
      appliedDiscounts: line.discount ? [discountOf(line.discount)] : [],
      appliedTaxes:
        draft.taxPoints === undefined ? [] : [{ name: 'State Tax', rate: draft.taxPoints / 10_000, taxAmount: 0, type: 'PERCENT' }],
      refundDetails: line.refund
        ? { refundAmount: dollars(line.refund.cents), taxRefundAmount: 0, refundTransaction: { guid: line.refund.transaction } }
        : null,
    })),
    payments: (draft.payments ?? []).map((payment) => ({
      guid: payment.guid,
      entityType: 'OrderPayment',
      type: payment.type ?? 'CREDIT',
      paymentStatus: payment.type === undefined || payment.type === 'CREDIT' ? (payment.status ?? 'CAPTURED') : null,
      amount: dollars(payment.cents),
      tipAmount: dollars(payment.tipCents ?? 0),
      paidDate: '2026-03-06T11:29:00.000-0800',
      refundStatus: payment.refund ? 'PARTIAL' : 'NONE',
      voidInfo: payment.voided ? { voidDate: changed } : null,
      refund: payment.refund
        ? {
            refundAmount: dollars(payment.refund.cents),
            tipRefundAmount: dollars(payment.refund.tipCents ?? 0),
            refundDate: payment.refund.at,
            refundTransaction: { guid: payment.refund.transaction },
          }
        : null,
    })),
  };
}

export type ToastOrder = { readonly guid: string; readonly [name: string]: Plain };

export function orderOf(draft: OrderDraft): ToastOrder {
  const changed = draft.modifiedDate ?? CHANGED;
  const isPaid = draft.checks.every(({ status }) => status !== 'OPEN');
  return {
    guid: draft.guid,
    entityType: 'Order',
    externalId: null,
    openedDate: draft.openedDate ?? OPENED,
    createdDate: draft.openedDate ?? OPENED,
    modifiedDate: changed,
    promisedDate: null,
    paidDate: isPaid ? '2026-03-06T11:29:00.000-0800' : null,
    closedDate: isPaid ? '2026-03-06T11:29:30.000-0800' : null,
    deletedDate: draft.deleted ? changed : EPOCH,
    deleted: draft.deleted ?? false,
    voided: draft.voided ?? false,
    voidDate: draft.voided ? changed : null,
    businessDate: draft.businessDate ?? 20260306,
    source: draft.source ?? 'In Store',
    server: { guid: 'server-3', entityType: 'RestaurantUser' },
    createdDevice: { id: 'device-2' },
    createdInTestMode: draft.testMode ?? false,
    excessFood: false,
    deliveryInfo: null,
    numberOfGuests: 2,
    checks: draft.checks.map((check) => checkOf(check, changed)),
  };
}
