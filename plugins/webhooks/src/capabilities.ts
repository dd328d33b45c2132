import { CAPABILITY_KEYS, type Capabilities } from '@valehub/connector-kit';
import type { HookCtx } from './settings.ts';

/** What a voucher gives, where it holds, how often, and with what else: the hub decides, afterwards, on the orders that are pushed. */
const DECIDED = /^(incentive|scope|condition|limit|combining)\./;

export const capabilities: Capabilities = {
  ...Object.fromEntries(CAPABILITY_KEYS.filter((key) => DECIDED.test(key)).map((key) => [key, 'BY_HUB'])),
  'codes.usage': 'BY_HUB',
  'lifecycle.publish': 'NOT_POSSIBLE',
  'lifecycle.update': 'NOT_POSSIBLE',
  'lifecycle.withdraw': 'NOT_POSSIBLE',
  'lifecycle.redeem': 'BY_HUB',
  'lifecycle.reverse': 'BY_HUB',
  'orders.apply': 'NOT_POSSIBLE',
  'message.send': 'ENFORCED',
  'message.status': { approximated: 'as far as the receiver reports it by message.status' },
  'alert.send': 'ENFORCED',
  'alert.buttons': { approximated: 'as far as the receiver shows them and reports a press by alert.pressed' },
  'customer.read': { approximated: 'what the sender pushes; there is no way to ask for a list' },
  'customer.write': 'NOT_POSSIBLE',
  'event.push': 'ENFORCED',
};

const NO = 'NOT_POSSIBLE';

/** Without an address nothing goes out, without the incoming secret nothing comes in. */
export const narrow = (ctx: HookCtx): Capabilities => ({
  ...(ctx.isSet('url') ? {} : { 'message.send': NO, 'alert.send': NO, 'alert.buttons': NO, 'event.push': NO }),
  ...(ctx.isSet('incomingSecret')
    ? {}
    : { 'message.status': NO, 'alert.buttons': NO, 'customer.read': NO, 'lifecycle.redeem': NO, 'lifecycle.reverse': NO }),
});
