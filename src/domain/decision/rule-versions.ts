/** Under which version of the rules decisions are made now; it is stored with each redeem. */
export const RULE_VERSION = 1;
