import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Connector } from '@valehub/connector-kit';
import { type StandIn, startStandIn } from '@valehub/connector-kit/testing';
import { pino } from 'pino';
import { probeConnector } from '../../src/connectors/process/probe.ts';
import { ProcessDoor } from '../../src/connectors/process/process-door.ts';
import { loadConnectors } from '../../src/connectors/registry/registry.ts';
import { ADMIN, type ConnectorHub, rowsOf, startConnectorHub } from './support/connector-hub.ts';
import { madeUp } from './support/made-up.ts';
import { connectMadeUp, enqueue, jobOf } from './support/outbox.ts';

const API_KEY = 'unruly-key-1';
const FILE = new URL('./support/unruly.mjs', import.meta.url).href;
const quiet = pino({ level: 'silent' });

let platform: StandIn;
let running: ConnectorHub;
let connectionId: string;

beforeAll(async () => {
  platform = await startStandIn();
});
afterAll(() => platform.close());

beforeEach(async () => {
  const { default: unruly } = (await import('./support/unruly.mjs' as string)) as { default: Connector };
  running = await startConnectorHub({
    connectors: [unruly, madeUp()],
    deadlines: { verb: 3_000 },
    door: ({ now, log, onBreach }) =>
      new ProcessDoor({
        specifierOf: (id) => (id === 'unruly' ? FILE : new URL('./support/ruly.mjs', import.meta.url).href),
        allowPrivateHosts: true,
        memoryMb: 200,
        now,
        log,
        onBreach,
      }),
  });
  platform.answer([{ path: '/fine', body: { id: 'THING-1' } }]);
  const settings = { apiKey: API_KEY, apiBaseUrl: platform.url };
  ({ id: connectionId } = await running.host.desk.connect(ADMIN, {
    connectorId: 'unruly',
    appId: null,
    name: 'Unruly',
    storeId: null,
    settings,
  }));
});
afterEach(async () => {
  await running.close();
  await running.database.drop();
});

async function does(deed: string, afterMs = 0) {
  running.clock.pass(afterMs);
  const id = await enqueue(running, { connectionId, verb: 'actions.act', key: `${deed} ${running.clock.now()}`, input: { deed } });
  await running.host.drain();
  return jobOf(running, id);
}
const lastError = async (): Promise<string | null> =>
  (await rowsOf<{ error: string | null }>(running.hub, 'select last_error as error from connection where id = $1', [connectionId]))[0]
    ?.error ?? null;
/** Whoever is told is told a moment later. */
async function told(words: RegExp): Promise<void> {
  for (;;) {
    if (words.test((await lastError()) ?? '')) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a connector in its process', () => {
  test('does its work, with its credential, and knows whose it is', async () => {
    expect(await does('fine')).toMatchObject({ status: 'DONE', outcome: { id: 'THING-1', account: 'unruly-account' } });
    expect(platform.requests.map(({ path, headers }) => [path, headers['authorization']])).toEqual([['/fine', `Bearer ${API_KEY}`]]);
  });

  test('sees nothing of the hub’s surroundings, and what it prints is in no log', async () => {
    expect(await does('surroundings')).toMatchObject({ outcome: { variables: 0 } });
    expect(await does('print', 1)).toMatchObject({ outcome: 'printed' });
    expect(running.logged.join('')).not.toContain('the key is a secret');
  });

  test('hands over data and nothing else', async () => {
    expect(await does('notData')).toMatchObject({ status: 'PARKED', failure: { code: 'BAD_REPLY' } });
  });

  test('that floods the hub is stopped at a bound', async () => {
    expect(await does('flood')).toMatchObject({
      status: 'PARKED',
      failure: { code: 'BAD_REPLY', message: expect.stringContaining('more than') },
    });
    expect(await does('fine', 1)).toMatchObject({ status: 'DONE' });
  });

  test('that never answers loses its turn and nothing else', async () => {
    expect(await does('never')).toMatchObject({ status: 'PENDING', failure: { code: 'TIMEOUT', unknown: true } });
    expect(await does('fine')).toMatchObject({ status: 'DONE' });
  });
});

describe('a connector that breaks its bounds', () => {
  test.each([
    ['leak', /more memory than it may have/],
    ['throwLater', /nobody could catch/],
    ['exit', /ended its own process/],
    ['loop', /busy without end/],
  ])('by %s is stopped, a person is told, and it works again after a rest', async (deed, words) => {
    expect(await does(deed)).toMatchObject({ status: 'PENDING', failure: { code: 'TIMEOUT', unknown: true } });
    await told(words);
    await rowsOf(running.hub, `update outbox_job set status = 'FAILED' where status = 'PENDING' returning id`);
    expect(await does('fine', 60_000)).toMatchObject({ status: 'DONE' });
  });

  test('rests before it is tried again, and waiting is no failed attempt', async () => {
    await does('exit');
    expect(await does('fine')).toMatchObject({ status: 'PENDING', attempts: 0, failure: { code: 'RATE_LIMITED' } });
  });

  test('leaves other connectors alone', async () => {
    const other = await connectMadeUp(running, platform.url);
    const doing = does('leak');
    platform.answer([{ path: '/safe', body: { id: 'THING-2' } }]);
    const id = await enqueue(running, { connectionId: other, verb: 'actions.safe', key: 'k-1', input: {} });
    await doing;
    await running.host.drain();
    expect(await jobOf(running, id)).toMatchObject({ status: 'DONE', outcome: { id: 'THING-2' } });
  });
});

test('a package that never finishes loading is refused by name, and the hub starts without it', async () => {
  const load = () => Promise.reject(new Error('It was let into the hub’s own process.'));
  const file = new URL('./support/never-loads.mjs', import.meta.url).href;
  const registry = await loadConnectors({
    builtIn: [],
    further: [file],
    log: quiet,
    load,
    probe: (specifier) => probeConnector(specifier, quiet),
  });
  expect(registry.refused).toEqual([{ packageName: file, faults: ['PACKAGE_UNFIT it kept its process busy without end.'] }]);
});
