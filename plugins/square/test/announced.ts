import { afterAll, afterEach, beforeEach, expect } from '@jest/globals';
import type { Fact, HubOrder } from '@valehub/connector-kit';
import { createCtx, createTransport, parseSettings, runFetch } from '@valehub/connector-kit/testing';
import nock from 'nock';
import connector from '../src/index.ts';

// What the suites share that say by nock, call by call, what Square answers.

const API = 'https://connect.squareupsandbox.com';
const transport = createTransport();

/** Nothing but what a test announced is called, and all of that. */
export function announcedCallsOnly(): void {
  beforeEach(() => nock.disableNetConnect());
  afterEach(() => {
    expect(nock.pendingMocks()).toEqual([]);
    nock.cleanAll();
  });
  afterAll(() => {
    nock.restore();
    transport.close();
  });
}

export function ctxOf(environment: 'sandbox' | 'production' = 'sandbox') {
  const result = parseSettings(connector, { accessToken: 'token-1', environment });
  if (!result.ok) throw new Error('the settings are refused');
  return createCtx({
    connector,
    settings: result.parsed.settings,
    secrets: result.parsed.secrets,
    store: () => undefined,
    transport,
    now: () => 0,
  });
}

export const json = (path: string, body: object, status = 200) => nock(API).get(path).reply(status, body);

/** At any host, and only with these headers. */
export const jsonAt = (host: string, headers: Readonly<Record<string, string>>, path: string, body: object) =>
  nock(host, { reqheaders: headers }).get(path).reply(200, body);

export async function read(id = 'ORDER-1'): Promise<HubOrder> {
  const ran = await runFetch(connector, ctxOf(), 'order', [id]);
  if (!ran.ok) throw new Error(JSON.stringify(ran.failure));
  const [fact] = ran.value as readonly Extract<Fact, { kind: 'order' }>[];
  if (!fact) throw new Error('no fact');
  return fact.order;
}
