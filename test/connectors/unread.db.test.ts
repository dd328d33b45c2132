import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { CallError, type Connector } from '@valehub/connector-kit';
import { deliver, type Forger, forgerFor } from '@valehub/connector-kit/testing';
import { ADMIN, type ConnectorHub, rowsOf, startConnectorHub } from './support/connector-hub.ts';
import { telling } from './support/telling.ts';

const SECRET = 'signing-key-of-the-platform';

/** What the connector does with the next deliveries. */
let mood: 'reads' | 'has a fault' | 'refuses';
const read = telling.webhooks as NonNullable<Connector['webhooks']>;
const moody: Connector = {
  ...telling,
  webhooks: {
    ...read,
    split: (delivery) => {
      if (mood === 'has a fault') throw new TypeError('a member of somebody@example.com is missing');
      if (mood === 'refuses') throw new CallError({ code: 'BAD_INPUT', message: 'An event needs a `key`.' });
      return read.split(delivery);
    },
  },
};

let running: ConnectorHub;
let forger: Forger;
let connectionId: string;
let url: string;

beforeEach(async () => {
  mood = 'reads';
  running = await startConnectorHub({ connectors: [moody] });
  forger = forgerFor(moody, { signingKey: SECRET });
  const settings = { signingKey: SECRET };
  const connection = await running.host.desk.connect(ADMIN, { connectorId: 'telling', appId: null, name: 'CRM', storeId: null, settings });
  ({ id: connectionId } = connection);
  url = connection.webhookUrl ?? '';
});
afterEach(async () => {
  await running.close();
  await running.database.drop();
});

const fact = { kind: 'customer', customer: { externalId: 'C-1', phone: '+34612345678' } };
const say = (key: string) => deliver(forger, { url, body: JSON.stringify({ key, facts: [fact] }), at: running.clock.now() });
const deliveries = async () =>
  (await running.host.traffic.deliveries(ADMIN, { connectionId }, {}, { first: 10 })).edges.map(({ node }) => node);
const customers = () => rowsOf(running.hub, 'select phone from customer');

test('what a connector cannot split is kept, shown to a person, and read once it can', async () => {
  mood = 'has a fault';
  expect(await say('d-1')).toBe(200);
  await running.host.drain();
  const [kept] = await deliveries();
  expect(kept).toMatchObject({
    body: expect.stringContaining('d-1'),
    notices: [{ topic: '(unread)', state: 'PARKED', reason: 'REFUSED' }],
  });
  expect((await running.host.desk.connection(connectionId))?.lastError).toContain('TypeError');
  expect((await running.host.desk.connection(connectionId))?.lastError).not.toContain('example.com');
  expect(await customers()).toEqual([]);

  mood = 'reads';
  await running.host.traffic.reprocess(ADMIN, kept?.id ?? '');
  await running.host.drain();
  expect((await deliveries()).map(({ notices }) => notices.map(({ topic, state }) => [topic, state]))).toEqual([
    [
      ['(unread)', 'DONE'],
      ['told', 'DONE'],
    ],
  ]);
  expect(await customers()).toEqual([{ phone: '+34612345678' }]);
  // The platform says it again, and it is known.
  expect(await say('d-1')).toBe(200);
  expect(await deliveries()).toHaveLength(1);
});

test('what a connector refuses outright is sent back with its words, for whoever wrote the sender', async () => {
  mood = 'refuses';
  const body = JSON.stringify({ facts: [] });
  const signed = forger.sign({ url, body, at: running.clock.now() });
  const reply = await fetch(url, { method: 'POST', headers: signed.headers.map(([name, value]) => [name, value]), body });
  expect([reply.status, await reply.text()]).toEqual([400, 'An event needs a `key`.']);
  expect(await deliveries()).toEqual([]);
});
