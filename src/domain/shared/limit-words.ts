/** What a limit counts, per what, in which period: the words of campaigns, of refusals' facts and of the API. */
export const LIMIT_COUNTS = ['REDEMPTIONS', 'DISCOUNT_AMOUNT', 'ISSUED'] as const;
export type LimitCounts = (typeof LIMIT_COUNTS)[number];
export const LIMIT_PERS = ['VOUCHER', 'CUSTOMER', 'STORE', 'TILL', 'ORDER', 'CAMPAIGN', 'MAIN_CAMPAIGN'] as const;
export type LimitPer = (typeof LIMIT_PERS)[number];
export const LIMIT_PERIODS = ['EVER', 'BUSINESS_DAY', 'WEEK', 'MONTH', 'YEAR'] as const;
export type LimitPeriod = (typeof LIMIT_PERIODS)[number];
