import type { StartPlatform } from '../platform.ts';
import { shopifyPos } from './shopify-pos.ts';
import { webhooks } from './webhooks.ts';

/** Where orders come from. One more is one file more, and a line here. */
export const platforms: readonly StartPlatform[] = [shopifyPos, webhooks];
