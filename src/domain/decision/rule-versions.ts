import { decide } from './decide.ts';

/** The version of the rules that decisions are made by now; it is stored with each redeem. */
export const RULE_VERSION = 1;

/**
 * Every version that a stored redeem may name: what was decided by one is replayed by it, however the rules went on.
 * docs/decisions says what makes a new one.
 */
const DECIDES: Readonly<Record<number, typeof decide>> = { 1: decide };

/** undefined: a hub newer than this one made the decision. */
export const decideBy = (version: number): typeof decide | undefined => DECIDES[version];
