import type { Decision, DecisionInput } from './decision.types.ts';

/** May these codes be used on this basket, and what do they give? Pure: the same input always gives the same answer. */
export function decide(input: DecisionInput): Decision { void input; throw new Error('not built yet'); }
