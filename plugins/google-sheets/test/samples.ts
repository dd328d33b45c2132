import type { ConnectorSamples, StandInReply } from '@valehub/connector-kit/testing';
import { newKeyPair } from './stand-in.ts';

export const SPREADSHEET = 'spreadsheet-0123456789';
const BASE = `/v4/spreadsheets/${SPREADSHEET}`;
const columns = ['id', 'at', 'code', 'amount', 'currency'];

/** A redemption as the hub's table has it. */
export const row = {
  table: 'Redemptions',
  columns,
  values: ['red_0001', '2026-03-06T20:15:00.000Z', 'DV4711', '2.50', 'EUR'],
} as const;

const sheets: StandInReply = {
  method: 'GET',
  path: BASE,
  body: {
    spreadsheetId: SPREADSHEET,
    properties: { title: 'Vouchers of Casa Pepa' },
    sheets: [{ properties: { sheetId: 7, title: 'Redemptions', gridProperties: { rowCount: 1000, columnCount: 26 } } }],
  },
};
/** Made for this run: no key of a real account. */
const key = {
  type: 'service_account',
  client_email: 'valehub@sample.iam.example.com',
  private_key_id: 'k1',
  private_key: newKeyPair().privateKey,
};

const event = (type: string) => ({
  spreadsheetId: SPREADSHEET,
  events: [
    {
      id: `event-${type}`,
      type,
      at: '2026-03-06T20:15:00.000Z',
      sheet: 'Guests',
      row: 7,
      key: 'G-1',
      changed: ['status'],
      values: { status: 'invited' },
    },
  ],
});

export const samples: ConnectorSamples = {
  settings: { serviceAccountKey: JSON.stringify(key), spreadsheetId: SPREADSHEET },
  identify: { replies: [sheets], account: SPREADSHEET },
  auth: {
    obtain: {
      replies: [{ method: 'POST', path: '/token', body: { access_token: 'token-of-the-sample', expires_in: 3599, token_type: 'Bearer' } }],
      token: 'token-of-the-sample',
    },
  },
  choices: [{ name: 'sheets', replies: [sheets], values: ['Redemptions'] }],
  deliveries: ['row.added', 'row.changed'].map((type) => ({
    topic: type,
    body: event(type),
    notices: 1,
    facts: ['custom'] as const,
  })),
  verbs: [
    {
      verb: 'rows.append',
      inputs: [row, { ...row, values: ['red_0002', ...row.values.slice(1)] }],
      replies: [
        sheets,
        { method: 'GET', path: `${BASE}/values/'Redemptions'!1%3A2`, body: { range: "'Redemptions'!1:2", values: [columns] } },
        {
          method: 'POST',
          path: `${BASE}/values/'Redemptions'!A1:append`,
          body: { spreadsheetId: SPREADSHEET, updates: { updatedRange: "'Redemptions'!A2:E3", updatedRows: 2 } },
        },
      ],
      done: [1, 2].map(() => ({ id: null, url: `https://docs.google.com/spreadsheets/d/${SPREADSHEET}/edit#gid=7` })),
    },
  ],
};
