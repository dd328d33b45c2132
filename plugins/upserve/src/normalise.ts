import type { HubOrder } from '@valehub/connector-kit';
import { isVoid } from './comps.ts';
import { goodsOf } from './lines.ts';
import { hubPayments, hubRefunds } from './payments.ts';
import { isInclusive } from './prices.ts';
import type { Check } from './schemas.ts';
import { amount, cents, sum, type Till, texts } from './till.ts';

/** A closed check on which nothing was sold and nothing paid was cancelled; an open one may still get something. */
function stateOf(check: Check, isEmpty: boolean): HubOrder['state'] {
  if (isVoid(check.voidcomp)) return 'VOIDED';
  if (!/^closed$/i.test(check.status)) return 'OPEN';
  return isEmpty ? 'VOIDED' : 'PAID';
}

/** UNVERIFIED: the words of `type` beside `Table`. */
const TYPES: readonly (readonly [RegExp, NonNullable<HubOrder['channel']>])[] = [
  [/^table$|dine.?in/i, 'DINE_IN'],
  [/delivery/i, 'DELIVERY'],
  [/take.?(out|away)|to.?go|pick.?up/i, 'TAKEAWAY'],
];

function channelOf({ type, online_order: online }: Check): HubOrder['channel'] {
  if (online) return online.delivery_info?.address ? 'DELIVERY' : 'ONLINE';
  return TYPES.find(([form]) => form.test(type ?? ''))?.[1];
}

/** Upserve is sold in North America: ten digits are a number there. Others count only with their country. */
function phoneOf({ online_order: online }: Check): string | undefined {
  const told = online?.delivery_info?.phone ?? '';
  const digits = told.replace(/\D/g, '');
  if (told.trim().startsWith('+')) return digits === '' ? undefined : `+${digits}`;
  return /^1?[2-9]\d{9}$/.test(digits) ? `+1${digits.slice(-10)}` : undefined;
}

/** A check in the hub's words. Upserve tells no revision: what was read last is what holds. */
export function hubOrder(till: Till, check: Check, known: Pick<HubOrder, 'externalId' | 'businessDay'>): HubOrder {
  const { lines, discounts, net } = goodsOf(till, check);
  const payments = hubPayments(till, check);
  const refunds = hubRefunds(till, check);
  const state = stateOf(check, lines.length === 0 && payments.length === 0);
  const gratuity = amount(till, check.mandatory_tip_amount);
  const told = amount(till, check.total).minor;
  // The total of a check is told without a gratuity that is added by rule, as far as its parts show.
  const isWithout = told === net + (isInclusive(check) ? 0 : amount(till, check.tax_total).minor);
  const tip = sum(payments.map((payment) => payment.tip?.minor ?? 0));
  const channel = channelOf(check);
  const phone = phoneOf(check);
  return {
    ...known,
    state,
    placedAt: check.open_time,
    ...(state === 'PAID' && check.close_time ? { closedAt: check.close_time } : {}),
    currency: till.currency,
    pricesIncludeTax: isInclusive(check),
    lines: [...lines],
    discounts: [...discounts],
    payments: [...payments],
    refunds: [...refunds],
    charges: gratuity.minor > 0 ? [{ externalId: 'gratuity', name: 'Automatic gratuity', amount: gratuity }] : [],
    total: cents(till, Math.max(0, told + (isWithout ? gratuity.minor : 0) + tip)),
    ...(tip > 0 ? { tip: cents(till, tip) } : {}),
    texts: check.check_notes.flatMap(({ note }) => texts(note)),
    ...(channel ? { channel } : {}),
    ...(check.employee_id ? { staff: check.employee_id } : {}),
    ...(phone ? { customer: { phone } } : {}),
  };
}
