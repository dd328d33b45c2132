import type { Signing, Verification } from '@valehub/connector-kit';

/** Standard Webhooks, version 1: `id.timestamp.body`, HMAC-SHA256, signatures marked `v1,` in a list. */
const ID = { header: 'webhook-id' };
const TIME = { header: 'webhook-timestamp' };
const SIGNATURES = 'webhook-signature';
const MARK = 'v1,';
const DOT = { text: '.' };
const key = (secret: string) => ({ secret, decode: 'base64', prefix: 'whsec_' }) as const;

/** How the hub signs. */
export const outgoing: Signing = {
  by: 'hmac',
  hash: 'sha256',
  encoding: 'base64',
  keys: [key('signingSecret'), key('previousSigningSecret')],
  signed: [ID, DOT, 'time', DOT, 'body'],
  form: { each: `${MARK}{signature}`, between: ' ' },
  headers: { [TIME.header]: '{time}', [SIGNATURES]: '{signatures}' },
};

/** How the other system signs. Each attempt has a time of its own, so the convention's five minutes hold for repeats too. */
export const incoming: Verification = {
  by: 'hmac',
  hash: 'sha256',
  encoding: 'base64',
  key: key('incomingSecret'),
  signed: [ID, DOT, TIME, DOT, 'body'],
  signature: { headerList: SIGNATURES, after: MARK },
  time: { at: TIME, unit: 's', window: 'PT5M' },
};
