import { googleSheets } from './google-sheets.ts';
import { hubspot } from './hubspot.ts';
import { oracleMicros } from './oracle-micros.ts';
import type { Platform } from './platform.ts';
import { sendgrid } from './sendgrid.ts';
import { shopifyPos } from './shopify-pos.ts';
import { slack } from './slack.ts';
import { square } from './square.ts';
import { toast } from './toast.ts';
import { upserve } from './upserve.ts';
import { webhooks } from './webhooks.ts';
import { xero } from './xero.ts';

/** All that play in `npm run demo -- --all`, in the order of the evening: tills first, then those that the hub tells. */
export const PLATFORMS: readonly Platform[] = [
  square,
  toast,
  shopifyPos,
  upserve,
  oracleMicros,
  webhooks,
  googleSheets,
  xero,
  hubspot,
  sendgrid,
  slack,
];
