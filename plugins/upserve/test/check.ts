import type { Plain } from '@valehub/connector-kit';

/** `12.05` for 1205: Upserve writes amounts as text in major units. */
const text = (cents: number): string =>
  `${cents < 0 ? '-' : ''}${Math.trunc(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, '0')}`;

export interface CompDraft {
  readonly cents: number;
  readonly reason?: string;
  /** Told as a percentage of the price; `cents` is what it comes to. */
  readonly percent?: string;
  /** Without `total`: it has to be reckoned from the value. */
  readonly bare?: boolean;
}

export interface ItemDraft {
  readonly id: string;
  readonly name?: string;
  readonly article?: string;
  /** Of one, without its modifiers. */
  readonly cents: number;
  readonly quantity?: number;
  /** What each modifier costs with one. */
  readonly modifiers?: readonly number[];
  readonly comp?: CompDraft;
  /** Why it was voided. */
  readonly void?: string;
  readonly sides?: readonly ItemDraft[];
}

export interface PaymentDraft {
  readonly id: string;
  readonly cents: number;
  readonly tipCents?: number;
  readonly type?: string;
  readonly description?: string;
}

export interface CheckDraft {
  readonly id: string;
  readonly status?: 'Open' | 'Closed';
  readonly openedAt?: string;
  readonly closedAt?: string;
  readonly items: readonly ItemDraft[];
  readonly payments?: readonly PaymentDraft[];
  readonly comp?: CompDraft;
  readonly void?: string;
  readonly taxCents?: number;
  readonly inclusive?: boolean;
  readonly gratuityCents?: number;
  readonly notes?: readonly string[];
  readonly type?: string;
  readonly online?: { readonly phone?: string; readonly address?: string };
}

/** How Upserve may be writing what nobody has documented. */
export interface Style {
  readonly price?: 'line' | 'lineBare' | 'one' | 'oneBare';
  /** The price is what is left of it after the comp. */
  readonly isAfterComp?: boolean;
  readonly tipsInPayments?: boolean;
  readonly gratuityInTotal?: boolean;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0);
const extra = ({ modifiers = [] }: ItemDraft): number => sum(modifiers);
export const grossOf = (item: ItemDraft): number => (item.cents + extra(item)) * (item.quantity ?? 1);

/** Items and sides that were sold. */
export const soldOf = ({ items }: CheckDraft): readonly ItemDraft[] =>
  items
    .filter((item) => item.void === undefined)
    .flatMap((item) => [item, ...(item.sides ?? []).filter((side) => side.void === undefined)]);

export interface Truth {
  readonly state: 'OPEN' | 'PAID' | 'VOIDED';
  readonly gross: number;
  /** By reason. */
  readonly comps: Readonly<Record<string, number>>;
  readonly net: number;
  readonly tax: number;
  /** Tips and gratuities included. */
  readonly total: number;
}

/** What is true of a check in cents, to compare the hub with. */
export function truthOf(check: CheckDraft): Truth {
  const sold = soldOf(check);
  const given = [...sold.flatMap(({ comp }) => comp ?? []), ...(check.comp ? [check.comp] : [])];
  const comps: Record<string, number> = {};
  for (const { reason = '', cents } of given) comps[reason] = (comps[reason] ?? 0) + cents;
  const gross = sum(sold.map(grossOf));
  const net = gross - sum(given.map(({ cents }) => cents));
  const tax = check.taxCents ?? 0;
  const tips = sum((check.payments ?? []).map(({ tipCents = 0 }) => tipCents));
  const isEmpty = sold.length === 0 && (check.payments ?? []).length === 0;
  const isVoided = check.void !== undefined || (check.status === 'Closed' && isEmpty);
  return {
    state: isVoided ? 'VOIDED' : check.status === 'Closed' ? 'PAID' : 'OPEN',
    gross,
    comps,
    net,
    tax,
    total: net + (check.inclusive ? 0 : tax) + (check.gratuityCents ?? 0) + tips,
  };
}

function voidcomp(comp: CompDraft | undefined, voided: string | undefined, gross: number): Plain {
  if (voided !== undefined) return { type: 'void', reason_text: voided, value: text(gross), total: text(gross) };
  if (!comp) return null;
  const { cents, percent, reason = null, bare } = comp;
  const told = percent === undefined ? { type: 'comp value', value: text(cents) } : { type: 'comp percent', value: percent };
  return { ...told, reason_text: reason, ...(bare ? {} : { total: text(cents) }), authorized_id: 'e-2' };
}

function entryOf(item: ItemDraft, check: string, { price = 'line', isAfterComp = false }: Style): Record<string, Plain> {
  const quantity = item.quantity ?? 1;
  const gross = grossOf(item);
  const isOfOne = price === 'one' || price === 'oneBare';
  const prices = { line: gross, lineBare: item.cents * quantity, one: item.cents + extra(item), oneBare: item.cents };
  return {
    id: item.id,
    check_id: check,
    item_id: item.article ?? null,
    category_id: 'cat-1',
    name: item.name ?? 'Sopa',
    quantity: String(quantity),
    price: text(prices[price] - (isAfterComp ? (item.comp?.cents ?? 0) : 0)),
    regular_price: text(item.cents),
    modifiers: (item.modifiers ?? []).map((cents, index) => ({
      id: `${item.id}-m${index}`,
      name: 'Extra',
      price: text(isOfOne ? cents : cents * quantity),
    })),
    voidcomp: voidcomp(item.comp, item.void, gross),
  };
}

export type UpserveCheck = Record<string, Plain>;

/** A check as Upserve tells it. */
export function checkOf(draft: CheckDraft, style: Style = {}): UpserveCheck {
  const { net, tax } = truthOf(draft);
  const gratuity = draft.gratuityCents ?? 0;
  const goods = draft.inclusive ? net - tax : net;
  const total = goods + tax + (style.gratuityInTotal ? gratuity : 0);
  const isClosed = draft.status === 'Closed';
  return {
    id: draft.id,
    trading_day_id: 'td-1',
    name: 'Table 4',
    number: 17,
    status: draft.status ?? 'Open',
    sub_total: text(goods),
    tax_total: text(tax),
    total: text(total),
    mandatory_tip_amount: text(gratuity),
    outstanding_balance: isClosed ? '0.00' : text(total),
    open_time: draft.openedAt ?? '2026-03-06T19:02:11Z',
    close_time: isClosed ? (draft.closedAt ?? '2026-03-06T20:15:00Z') : null,
    employee_id: 'e-1',
    employee_name: 'Ana',
    guest_count: 2,
    type: draft.type ?? 'Table',
    taxed_type: draft.inclusive ? 'inclusive' : 'exclusive',
    table_name: '4',
    zone: 'Terrace',
    items: draft.items.map((item) => ({
      ...entryOf(item, draft.id, style),
      sides: (item.sides ?? []).map((side) => entryOf(side, draft.id, style)),
    })),
    payments: (draft.payments ?? []).map(({ id, cents, tipCents = 0, type = 'Credit', description }) => ({
      id,
      check_id: draft.id,
      amount: text(cents + (style.tipsInPayments ? tipCents : 0)),
      tip_amount: text(tipCents),
      autograt_amount: '0.00',
      date: '2026-03-06T20:14:30Z',
      employee_id: 'e-1',
      type,
      tender_description: description ?? null,
      cc_type: type === 'Credit' ? 'VISA' : null,
    })),
    voidcomp: voidcomp(draft.comp, draft.void, truthOf(draft).gross),
    check_notes: (draft.notes ?? []).map((note, index) => ({ id: `n-${index}`, note, author_id: 'e-1' })),
    ...(draft.online
      ? {
          online_order: {
            id: 'o-1',
            source: 'web',
            confirmation_code: 'C-1',
            delivery_info: { name: 'Guest', phone: draft.online.phone ?? null, address: draft.online.address ?? null },
          },
        }
      : {}),
  };
}

export const pageOfChecks = (checks: readonly UpserveCheck[], total = checks.length, offset = 0): Plain => ({
  meta: { limit: 100, offset, total_count: total, next: offset + checks.length < total ? '/ws/v2/checks.json?more' : null, previous: null },
  objects: checks,
});
