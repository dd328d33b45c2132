import type { CampaignTerms, CounterState } from './decision.types.ts';

/** The sum under which is kept what was paid from a gift card. */
export const balanceKey = (voucherId: string): string => `balance:${voucherId}`;

export const isBalanceKey = (key: string): boolean => key.startsWith('balance:');

/** What each voucher of the campaign was worth when it was new, in minor units; null = they carry no balance. */
export const balanceValue = ({ incentive }: Pick<CampaignTerms, 'incentive'>): number | null =>
  incentive !== null && 'giftBalance' in incentive ? incentive.giftBalance.value.minor : null;

/** A gift card as it stands, in minor units: what was not paid from it yet, and what of that holds have set aside. */
export interface Balance {
  readonly left: number;
  readonly held: number;
}

/** A card of a campaign that was given a lower value since is empty, not overdrawn. */
export const balanceOf = (value: number, { used, held }: Pick<CounterState, 'used' | 'held'>): Balance => ({
  left: Math.max(0, value - used),
  held: Math.min(held, Math.max(0, value - used)),
});
