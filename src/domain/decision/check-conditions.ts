import type { Conditions } from '../campaign/campaign.types.ts';

/** How a fault is told: a path below the campaign, and what is wrong. */
type Tell = (path: string, message: string) => void;

export function checkConditions({ minimumOrder, maximumOrder, channels }: Conditions, tell: Tell): void {
  if (minimumOrder !== undefined && !isAmount(minimumOrder)) tell('conditions.minimumOrder', AMOUNT_WANTED);
  if (maximumOrder !== undefined && !isAmount(maximumOrder)) tell('conditions.maximumOrder', AMOUNT_WANTED);
  if (minimumOrder !== undefined && maximumOrder !== undefined && maximumOrder < minimumOrder)
    tell('conditions.maximumOrder', 'The maximum is below the minimum.');
  if (channels?.length === 0) tell('conditions.channels', 'No channel is named; leave it out for all channels.');
}

const AMOUNT_WANTED = 'An amount is a whole number of minor units, 0 or more.';
const isAmount = (minor: number): boolean => Number.isSafeInteger(minor) && minor >= 0;
