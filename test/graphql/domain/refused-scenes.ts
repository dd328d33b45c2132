import type { RefusedScene } from './refused-scene.ts';
import { BASKET_SCENES } from './refused-scenes-basket.ts';
import { CAMPAIGN_SCENES } from './refused-scenes-campaign.ts';
import { CUSTOMER_SCENES } from './refused-scenes-customer.ts';
import { LIMIT_SCENES } from './refused-scenes-limits.ts';
import { VOUCHER_SCENES } from './refused-scenes-voucher.ts';

export const REFUSED_SCENES: readonly RefusedScene[] = [
  ...VOUCHER_SCENES,
  ...CAMPAIGN_SCENES,
  ...CUSTOMER_SCENES,
  ...BASKET_SCENES,
  ...LIMIT_SCENES,
];
