import type { StartPlatform } from '../platform.ts';
import { oracleMicros } from './oracle-micros.ts';
import { shopifyPos } from './shopify-pos.ts';
import { square } from './square.ts';
import { toast } from './toast.ts';
import { upserve } from './upserve.ts';
import { webhooks } from './webhooks.ts';

/** Where orders come from. One more is one file more, and a line here. */
export const platforms: readonly StartPlatform[] = [square, toast, shopifyPos, upserve, oracleMicros, webhooks];
