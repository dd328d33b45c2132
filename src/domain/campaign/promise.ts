import type { CampaignTerms } from '../decision/decision.types.ts';
import type { Limit } from './campaign.types.ts';
import { sorted } from './campaign-record.ts';
import type { VersionContent } from './campaign-version.entity.ts';

/** What is promised with an issued voucher besides the limits per VOUCHER. All else is as it is now: status, budget, other limits. */
const PROMISED = ['incentive', 'conditions', 'storeIds', 'startsOn', 'endsOn', 'stacking', 'taxClass', 'reversalPolicy'] as const;

type Promised = Pick<VersionContent, (typeof PROMISED)[number] | 'limits'>;

const isPromised = (limit: Limit): boolean => limit.per === 'VOUCHER';

/** Whether a change touches what is promised with issued vouchers. */
export const changesPromise = (before: Promised, after: Promised): boolean =>
  PROMISED.some((name) => sorted(before[name]) !== sorted(after[name])) ||
  sorted(before.limits.filter(isPromised)) !== sorted(after.limits.filter(isPromised));

/** The terms of now with what was promised under another version. */
export function withPromise(
  live: CampaignTerms,
  promised: Promised,
  main: CampaignTerms | null,
  promise: NonNullable<CampaignTerms['promise']>,
): CampaignTerms {
  const { incentive, conditions, storeIds, startsOn, endsOn, stacking, taxClass, reversalPolicy } = promised;
  const limits = [...live.limits.filter((limit) => !isPromised(limit)), ...promised.limits.filter(isPromised)];
  return { ...live, incentive, conditions, storeIds, startsOn, endsOn, stacking, taxClass, reversalPolicy, limits, main, promise };
}
