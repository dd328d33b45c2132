import type { Capabilities, CapabilityKey, Publication, Publishing } from '@valehub/connector-kit';
import type { CampaignRecord, LimitPer } from '../../domain/campaign/campaign.types.ts';
import type { Incentive, Scope } from '../../domain/campaign/incentive.types.ts';
import type { Loss, LossEffect, OnLoss } from '../../domain/connection/publication.types.ts';
import { type BusinessClock, businessDayEnd, businessDayStart } from '../../domain/shared/business-time.ts';
import { decimalText, exactDecimal } from '../../domain/shared/decimal.ts';

/** The codes that a campaign has. */
export interface CampaignCodes {
  readonly total: number;
  /** One word for all. */
  readonly shared: boolean;
  readonly longest: number;
  readonly sample: readonly string[];
}

export interface PlanInput {
  readonly campaign: CampaignRecord;
  /** Narrowed for the account. */
  readonly capabilities: Capabilities;
  readonly publishing: Publishing;
  readonly codes: CampaignCodes;
  /** The platform's ids of what a scope names; `unknown`: what nobody has mapped. */
  readonly items: { readonly ids: readonly string[]; readonly unknown: readonly string[] };
  /** The platform's locations of the campaign's stores; null = all. */
  readonly locations: readonly string[] | null;
  readonly clock: BusinessClock;
}

export interface PublicationPlan {
  readonly losses: readonly Loss[];
  /** What would be published, without codes; null where it is impossible. */
  readonly publication: Omit<Publication, 'codes'> | null;
  /** How many of the campaign's codes go along. */
  readonly codes: number;
}

const STOPS: Readonly<Record<OnLoss, ReadonlySet<LossEffect>>> = {
  REFUSE: new Set(['IMPOSSIBLE', 'WIDER', 'NARROWER']),
  NARROW: new Set(['IMPOSSIBLE', 'WIDER']),
  GO_ON: new Set(['IMPOSSIBLE']),
};

/** The losses for which it is not published. */
export const stoppedBy = (losses: readonly Loss[], onLoss: OnLoss): readonly Loss[] =>
  losses.filter(({ effect }) => STOPS[onLoss].has(effect));

/** Pure: computed from numbers and the matrix, never by a plugin. */
export function planPublication(input: PlanInput): PublicationPlan {
  const losses: Loss[] = [];
  const ask = asker(input.capabilities, losses);
  const incentive = incentiveOf(input, ask, losses);
  const conditions = conditionsOf(input.campaign, ask);
  const limits = limitsOf(input.campaign, ask);
  const dates = datesOf(input, ask, losses);
  const items = itemsOf(input, ask, losses);
  const codes = codesOf(input, losses);
  const { campaign, publishing, locations } = input;
  const name = nameOf(campaign.name, publishing.nameLength, losses);
  if (incentive === null || losses.some(({ effect }) => effect === 'IMPOSSIBLE')) return { losses, publication: null, codes: 0 };
  const publication = {
    campaignId: campaign.id,
    name,
    incentive,
    ...conditions,
    ...limits,
    ...dates,
    ...items,
    ...(locations === null ? {} : { locations: [...locations] }),
  };
  return { losses, publication, codes };
}

/** True where the platform takes it, as it is or nearly; notes what it does otherwise. */
type Ask = (key: CapabilityKey, what: string) => boolean;

function asker(capabilities: Capabilities, losses: Loss[]): Ask {
  return (key, what) => {
    const support = capabilities[key] ?? 'NOT_POSSIBLE';
    if (support === 'ENFORCED') return true;
    if (support === 'BY_HUB')
      losses.push({
        about: key,
        effect: 'BY_HUB',
        message: `${what}: the platform does not see to it; the hub does, when it is asked or told of the order.`,
      });
    else if (support === 'NOT_POSSIBLE')
      losses.push({
        about: key,
        effect: 'WIDER',
        message: `${what}: the platform cannot keep it, and would give the discount without it.`,
      });
    else {
      losses.push({ about: key, effect: 'WIDER', message: `${what}: only nearly; ${support.approximated}.` });
      return true;
    }
    return false;
  };
}

type Kind = Publication['incentive'];

function incentiveOf({ campaign, capabilities, publishing }: PlanInput, ask: Ask, losses: Loss[]): Kind | null {
  const { incentive, currency } = campaign;
  const impossible = (about: string, message: string): null => {
    losses.push({ about, effect: 'IMPOSSIBLE', message });
    return null;
  };
  if (incentive === null) return impossible('incentive', 'A main campaign gives nothing by itself: publish its sub-campaigns.');
  const [name] = Object.keys(incentive) as [keyof Incentive & string];
  const key = `incentive.${name}` as CapabilityKey;
  const support = capabilities[key] ?? 'NOT_POSSIBLE';
  if (support === 'NOT_POSSIBLE' || support === 'BY_HUB')
    return impossible(
      key,
      support === 'BY_HUB'
        ? `${name}: only the hub can give it; there is nothing to publish.`
        : `${name}: the platform has nothing like it.`,
    );
  if ('percentOff' in incentive) {
    const { percent, maximum } = incentive.percentOff;
    const capped =
      maximum !== undefined &&
      ask('incentive.percentOff.maximum', `The most that it gives (${maximum.minor} ${maximum.currency} in minor units)`);
    return {
      kind: 'percentOff',
      percent: roundedDown(percent, publishing.percentDecimals, losses),
      ...(capped && maximum ? { maximum: { ...maximum } } : {}),
    };
  }
  if (support !== 'ENFORCED') losses.push({ about: key, effect: 'WIDER', message: `${name}: only nearly; ${support.approximated}.` });
  if ('amountOff' in incentive) return { kind: 'amountOff', amount: { ...incentive.amountOff.amount } };
  if ('freeItem' in incentive) return { kind: 'freeItem' };
  if ('freeDelivery' in incentive) return { kind: 'freeDelivery' };
  return impossible(key, `${name}${currency === null ? '' : ` in ${currency}`}: no platform takes it yet.`);
}

/** Never more than promised. */
function roundedDown(percent: string, decimals: number | undefined, losses: Loss[]): string {
  const exact = exactDecimal(percent);
  if (decimals === undefined || exact.scale <= decimals) return percent;
  const cut = exact.digits / 10n ** BigInt(exact.scale - decimals);
  const rounded = decimalText(cut, decimals);
  losses.push({
    about: 'incentive.percentOff',
    effect: cut === 0n ? 'IMPOSSIBLE' : 'NARROWER',
    message: `The platform keeps ${decimals} decimals of a percentage: ${percent} becomes ${rounded}.`,
  });
  return rounded;
}

function conditionsOf(campaign: CampaignRecord, ask: Ask): Pick<Publication, 'minimumOrder'> {
  const { conditions, currency } = campaign;
  const asked: readonly [unknown, CapabilityKey, string][] = [
    [conditions.maximumOrder, 'condition.maximumOrder', 'The greatest order'],
    [conditions.customerRequired || undefined, 'condition.customerRequired', 'That the customer is known'],
    [conditions.segmentIds?.length || undefined, 'condition.customerGroups', 'That the customer is in a segment'],
    [conditions.excludedGroups?.length || undefined, 'condition.customerGroups', 'That the customer is in none of the groups'],
    [conditions.birthdayWindow, 'condition.customerGroups', 'The days around the birthday'],
    [conditions.anniversaryWindow, 'condition.customerGroups', 'The days around the anniversary'],
    [conditions.firstOrderOnly || undefined, 'condition.firstOrder', 'That it is the first order'],
    [conditions.channels?.length || undefined, 'condition.channels', 'The channels'],
    [conditions.paymentMethods?.length || undefined, 'condition.paymentMethods', 'The payment methods'],
    [conditions.windows?.length || undefined, 'condition.hours', 'The hours'],
    [conditions.blackoutDays?.length || undefined, 'condition.hours', 'The days left out'],
    [conditions.expression, 'condition.expression', 'The expression'],
  ];
  for (const [given, key, what] of asked) if (given !== undefined) ask(key, what);
  const { minimumOrder } = conditions;
  if (minimumOrder === undefined || currency === null || !ask('condition.minimumOrder', 'The least order')) return {};
  return { minimumOrder: { minor: minimumOrder, currency } };
}

const LIMIT_KEYS: Readonly<Record<LimitPer, CapabilityKey>> = {
  VOUCHER: 'limit.voucher',
  CUSTOMER: 'limit.customer',
  STORE: 'limit.store',
  TILL: 'limit.store',
  ORDER: 'limit.store',
  CAMPAIGN: 'limit.campaign',
  MAIN_CAMPAIGN: 'limit.campaign',
};

function limitsOf(campaign: CampaignRecord, ask: Ask): Pick<Publication, 'usesPerCode' | 'usesPerCustomer' | 'combines'> {
  const taken: { usesPerCode?: number; usesPerCustomer?: number; combines?: boolean } = {};
  for (const { counts, per, period, max } of campaign.limits) {
    const what = `At most ${max} ${counts.toLowerCase()} per ${per.toLowerCase()}`;
    if (!ask(LIMIT_KEYS[per], what)) continue;
    if (period !== 'EVER') ask('limit.period', `${what} in each ${period.toLowerCase()}`);
    else if (counts === 'REDEMPTIONS' && per === 'VOUCHER') taken.usesPerCode = max;
    else if (counts === 'REDEMPTIONS' && per === 'CUSTOMER') taken.usesPerCustomer = max;
  }
  if (campaign.budget !== null) ask('limit.budget', 'The budget');
  const { exclusive, group } = campaign.stacking;
  if ((exclusive || group !== undefined) && ask('combining.exclusive', 'That it does not combine with others')) taken.combines = false;
  return taken;
}

function datesOf({ campaign, publishing, clock }: PlanInput, ask: Ask, losses: Loss[]): Pick<Publication, 'startsAt' | 'endsAt'> {
  const { startsOn, endsOn } = campaign;
  if (startsOn === null && endsOn === null) return {};
  if (publishing.dates === 'NONE' || !ask('condition.dates', 'When it begins and ends')) {
    if (publishing.dates === 'NONE')
      losses.push({
        about: 'condition.dates',
        effect: 'WIDER',
        message: 'The platform keeps no begin and no end: withdraw it when the campaign ends.',
      });
    return {};
  }
  if (publishing.dates === 'DAY' && clock.businessDayStart !== '00:00')
    losses.push({
      about: 'condition.dates',
      effect: 'WIDER',
      message: `The platform keeps whole days from midnight; business days here begin at ${clock.businessDayStart}. The begin is rounded down and the end up.`,
    });
  return {
    ...(startsOn === null ? {} : { startsAt: new Date(businessDayStart(startsOn, clock)).toISOString() }),
    ...(endsOn === null ? {} : { endsAt: new Date(businessDayEnd(endsOn, clock)).toISOString() }),
  };
}

const scopeOf = (incentive: Incentive | null): Scope | undefined => {
  if (incentive === null) return undefined;
  if ('percentOff' in incentive) return incentive.percentOff.scope;
  if ('amountOff' in incentive) return incentive.amountOff.scope;
  return 'freeItem' in incentive ? incentive.freeItem.scope : undefined;
};

/** Whose members a plan has to look up in the product map. */
export const selectedBy = (campaign: CampaignRecord): NonNullable<Scope['include']> => scopeOf(campaign.incentive)?.include ?? {};

function itemsOf({ campaign, items }: PlanInput, ask: Ask, losses: Loss[]): Pick<Publication, 'items'> {
  const scope = scopeOf(campaign.incentive);
  if (scope === undefined) return {};
  if (scope.exclude) ask('scope.exclude', 'The articles left out');
  if (scope.excludeDiscounted) ask('scope.excludeDiscounted', 'That articles with a discount of their own are left out');
  if (scope.triggerQuantity ?? scope.applicableQuantity) ask('scope.quantity', 'How many pieces it takes or counts for');
  if (scope.include === undefined || !ask('scope.lines', 'That it counts for some articles only')) return {};
  if (items.unknown.length > 0)
    losses.push({
      about: 'items',
      effect: items.ids.length === 0 ? 'IMPOSSIBLE' : 'NARROWER',
      message: `Nobody has said which of the platform's articles these are: ${items.unknown.slice(0, 10).join(', ')}${items.unknown.length > 10 ? ' and others' : ''}. Use mapProducts.`,
    });
  return { items: [...items.ids] };
}

function codesOf({ campaign, codes, publishing }: PlanInput, losses: Loss[]): number {
  const { code, codes: bounds } = publishing;
  const most = bounds?.max ?? 0;
  if (campaign.distribution !== 'OPEN')
    losses.push({
      about: 'codes',
      effect: 'WIDER',
      message: `The campaign gives its codes to ${campaign.distribution === 'PARTNER' ? 'partners' : 'customers'} one by one; the platform would take them from anybody.`,
    });
  if (most === 0) {
    losses.push({
      about: 'codes.single',
      effect: 'WIDER',
      message: 'The platform has no codes: whoever works there can give the discount.',
    });
    return 0;
  }
  if (codes.total === 0) {
    losses.push({ about: 'codes', effect: 'IMPOSSIBLE', message: 'The campaign has no codes yet: make them with generateCodes.' });
    return 0;
  }
  const form = code?.form === undefined ? undefined : new RegExp(`^(?:${code.form})$`, 'u');
  if (code !== undefined && (codes.longest > code.length || codes.sample.some((text) => form !== undefined && !form.test(text))))
    losses.push({
      about: 'codes',
      effect: 'IMPOSSIBLE',
      message: `The platform takes codes of at most ${code.length} characters${code.form === undefined ? '' : ` in the form ${code.form}`}.`,
    });
  if (codes.total > most)
    losses.push({
      about: 'codes.bulk',
      effect: 'NARROWER',
      message: `The platform takes ${most} codes of a campaign; this one has ${codes.total}. The first ${most} are published.`,
    });
  return Math.min(codes.total, most);
}

function nameOf(name: string, longest: number | undefined, losses: Loss[]): string {
  if (longest === undefined || name.length <= longest) return name;
  losses.push({ about: 'name', effect: 'CHANGED', message: `The platform keeps ${longest} characters of a name.` });
  return name.slice(0, longest).trim();
}
