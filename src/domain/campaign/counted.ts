import { boundLimits, budgetKey, ownersOf, watchedKeys } from '../decision/counters.ts';
import type { CampaignTerms } from '../decision/decision.types.ts';

/** Somebody for every limit. */
const ANYBODY = { voucherId: '*', customerId: '*', storeId: '*', tillKey: '*', orderKey: '*', day: '2000-01-01' } as const;

/** Of a counter's key what does not hang on whom it counts for and when. */
export const kindOf = (key: string): string => key.split(':', 5).join(':');

/** The kinds of counters that a redemption (or, for ISSUED, an issue) of a campaign is counted in. */
export function countedIn(terms: CampaignTerms, issued: boolean): ReadonlySet<string> {
  const keys = [...boundLimits(terms, ANYBODY, issued), ...watchedKeys(terms, ANYBODY.day, issued)].map(({ key }) => key);
  if (!issued) for (const owner of ownersOf(terms)) if (owner.budget !== null) keys.push(budgetKey(owner.id));
  return new Set(keys.map(kindOf));
}

/** What is counted after a change that was not counted before it. */
export const freshOf = (before: ReadonlySet<string>, after: ReadonlySet<string>): string[] =>
  [...after].filter((kind) => !before.has(kind));
