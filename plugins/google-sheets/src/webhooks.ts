import type { Delivery, Fact, Notice, Webhooks } from '@valehub/connector-kit';
import * as schemas from './schemas.ts';
import type { settings } from './settings.ts';

const TIME = { header: 'x-valehub-time' };

const manual = `Google tells nobody of changes, so a script in the spreadsheet does.
1. Make a secret of 32 random characters or more and enter it here as *Script's secret*.
2. In the spreadsheet open **Extensions > Apps Script**, and paste the file \`apps-script/valehub.gs\` of this package.
3. Under **Project Settings > Script Properties** add \`VALEHUB_ADDRESS\` (the webhook address of this connection) and \`VALEHUB_SECRET\` (the secret). Optional: \`VALEHUB_SHEETS\` (names of the sheets to watch, with commas; all where left out) and \`VALEHUB_COLUMNS\` (names of the columns whose values are sent; none where left out).
4. Choose the function \`setUp\`, press **Run**, and grant the rights it asks for. It runs in the name of whoever does this.`;

/** Many events of one spreadsheet in one body. The script gives each its id, and keeps it while it tries again. */
function split({ body }: Delivery): readonly Notice[] {
  const { spreadsheetId, events } = schemas.delivery.parse(body);
  return events.map(
    ({ id, type, at, ...rest }): Notice => ({ account: spreadsheetId, topic: type, at, body: { at, ...rest }, repeat: { key: id } }),
  );
}

const kept = schemas.event.omit({ id: true, type: true });

function read(_ctx: unknown, notice: Notice): readonly Fact[] {
  const { at, ...data } = kept.parse(notice.body);
  const key = notice.repeat === 'signal' ? '' : notice.repeat.key;
  return [{ kind: 'custom', name: notice.topic, key, at, data }];
}

export const webhooks: Webhooks<typeof settings> = {
  body: ['json'],
  // Made by our own script: `<time>.<body>` under the shared secret. It signs anew each time it tries.
  verify: {
    by: 'hmac',
    hash: 'sha256',
    key: { secret: 'scriptSecret' },
    signed: [TIME, { text: '.' }, 'body'],
    signature: { header: 'x-valehub-signature' },
    encoding: 'hex',
    time: { at: TIME, unit: 'ms', window: 'PT5M' },
  },
  topics: ['row.added', 'row.changed'],
  split,
  read,
  subscriptions: { manual },
};
