export const VOUCHER_STATUSES = ['CREATED', 'ISSUED', 'HELD', 'PARTLY_REDEEMED', 'REDEEMED', 'EXPIRED', 'BLOCKED', 'CANCELLED'] as const;
export type VoucherStatus = (typeof VOUCHER_STATUSES)[number];
