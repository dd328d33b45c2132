/** Refused redeems and holds of a campaign, gross. */
export const rejectedKey = (campaignId: string): string => `count:${campaignId}:rejected`;
/** Redemptions of a campaign that were reversed wholly. */
export const reversedKey = (campaignId: string): string => `count:${campaignId}:reversed`;
