import { CallError, type JsonBody, type Publication } from '@valehub/connector-kit';
import type { CatalogObject } from './catalog.ts';
import type { SquareCtx } from './settings.ts';

const refused = (message: string, path?: string): CallError =>
  new CallError({ code: 'NOT_SUPPORTED', message, ...(path === undefined ? {} : { path }) });

const NAME_LENGTH = 255;

/** A shared word stands in the name, where the till shows it and the hub finds it again. */
function nameOf({ name, codes }: Publication): string {
  const [word, ...others] = codes;
  if (others.length > 0) throw refused('Square has no voucher codes: a discount carries one word at most.', 'codes');
  return word === undefined || name.includes(word) ? name : `${name.slice(0, NAME_LENGTH - word.length - 1)} ${word}`;
}

function incentiveValue(ctx: SquareCtx, { incentive }: Publication, isRule: boolean): Readonly<Record<string, JsonBody>> {
  const moneyOf = ({ minor, currency }: { readonly minor: number; readonly currency: string }) => ({ amount: minor, currency });
  if (incentive.kind === 'percentOff') {
    const maximum = incentive.maximum ? { maximum_amount_money: moneyOf(incentive.maximum) } : {};
    return { discount_type: 'FIXED_PERCENTAGE', percentage: ctx.money.addDecimals([incentive.percent]), ...maximum };
  }
  if (incentive.kind !== 'amountOff') throw refused('Square discounts take a percentage or an amount off.', 'incentive');
  // A rule takes its discount off each article that fits, so an amount would come off as often as there are articles.
  if (isRule) throw refused('Square takes an amount off each article that fits a rule; publish a percentage instead.', 'incentive');
  return { discount_type: 'FIXED_AMOUNT', amount_money: moneyOf(incentive.amount) };
}

/** Articles, minimum and dates are no matter of a discount but of a rule, and a rule asks for no code. */
export function needsRule(ctx: SquareCtx, { items, minimumOrder, startsAt, endsAt }: Publication): boolean {
  const needed = items !== undefined || minimumOrder !== undefined || startsAt !== undefined || endsAt !== undefined;
  if (needed && !ctx.settings.automaticRules)
    throw refused(
      'Articles, minimum orders and dates make a rule in Square, which every sale that fits gets without a code. Where that is meant, allow "Rules that apply by themselves".',
      'settings.automaticRules',
    );
  return needed;
}

/** The day on which an instant falls where the campaign holds; the instant before it for an end, which is its first moment without. */
function dayOf(ctx: SquareCtx, { locations }: Publication, instant: string, beforeMs = 0): string {
  const zone = ctx.store(locations?.[0] ?? ctx.locations[0])?.zone ?? 'UTC';
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(Date.parse(instant) - beforeMs);
}

/** What is there already of a campaign that was published before. */
export interface Known {
  readonly discount?: CatalogObject;
  readonly rule?: CatalogObject;
  readonly set?: CatalogObject;
}

const told = (known: CatalogObject | undefined, id: string): Readonly<Record<string, JsonBody>> =>
  known ? { id: known.id, ...(known.version ? { version: known.version } : {}) } : { id };

export function objectsOf(ctx: SquareCtx, publication: Publication, isRule: boolean, { discount, rule, set }: Known): readonly JsonBody[] {
  const { items, minimumOrder, startsAt, endsAt, locations } = publication;
  const name = nameOf(publication);
  const where = locations
    ? { present_at_all_locations: false, present_at_location_ids: [...locations] }
    : { present_at_all_locations: true };
  const data = { name, ...incentiveValue(ctx, publication, isRule), modify_tax_basis: 'MODIFY_TAX_BASIS' };
  const base = { type: 'DISCOUNT', ...told(discount, '#discount'), ...where, discount_data: data };
  if (!isRule) return [base];
  return [
    base,
    {
      type: 'PRODUCT_SET',
      ...told(set, '#set'),
      ...where,
      product_set_data: { name, ...(items ? { product_ids_any: [...items] } : { all_products: true }) },
    },
    {
      type: 'PRICING_RULE',
      ...told(rule, '#rule'),
      ...where,
      pricing_rule_data: {
        name,
        discount_id: discount?.id ?? '#discount',
        match_products_id: set?.id ?? '#set',
        ...(minimumOrder ? { minimum_order_subtotal_money: { amount: minimumOrder.minor, currency: minimumOrder.currency } } : {}),
        ...(startsAt ? { valid_from_date: dayOf(ctx, publication, startsAt) } : {}),
        ...(endsAt ? { valid_until_date: dayOf(ctx, publication, endsAt, 1) } : {}),
      },
    },
  ];
}
