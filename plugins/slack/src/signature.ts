import type { Verification } from '@valehub/connector-kit';

const TIME = { header: 'x-slack-request-timestamp' };

/** Everything that Slack sends is signed like this. */
export const signature: Verification = {
  by: 'hmac',
  hash: 'sha256',
  key: { secret: 'signingSecret' },
  signed: [{ text: 'v0:' }, TIME, { text: ':' }, 'body'],
  signature: { header: 'x-slack-signature', after: 'v0=' },
  encoding: 'hex',
  time: { at: TIME, unit: 's', window: 'PT5M' },
};
