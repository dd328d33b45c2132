import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runIdentify, runLocations } from '@valehub/connector-kit/testing';
import nock from 'nock';
import connector from '../src/index.ts';
import { limits, pace } from '../src/limits.ts';
import { RESTAURANT, restaurant, SECOND } from './fixtures.ts';
import { closeTransport, ctxOf, parsed } from './support.ts';

const API = 'https://ws-api.toasttab.com';
const of = (guid: string) => nock(API, { reqheaders: { 'toast-restaurant-external-id': guid, authorization: 'Bearer token-1' } });

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});
afterAll(() => {
  nock.restore();
  closeTransport();
});

describe('the account', () => {
  test('is the group of the restaurant', async () => {
    of(RESTAURANT).get(`/restaurants/v1/restaurants/${RESTAURANT}`).reply(200, restaurant());
    expect(await runIdentify(connector, ctxOf({ facts: {} }))).toEqual({
      ok: true,
      value: { account: 'group-pepa', name: 'Casa Pepa, Harbour', facts: { currency: 'USD', phonePrefix: '1', group: 'group-pepa' } },
    });
  });

  test('is the restaurant itself where it belongs to no group', async () => {
    const alone = restaurant();
    of(RESTAURANT)
      .get(`/restaurants/v1/restaurants/${RESTAURANT}`)
      .reply(200, { guid: RESTAURANT, general: { ...alone.general, managementGroupGuid: null, locationName: null } });
    expect(await runIdentify(connector, ctxOf({ facts: {} }))).toMatchObject({ value: { account: RESTAURANT, name: 'Casa Pepa' } });
  });

  test('of credentials that may not read it is told in Toast’s words', async () => {
    of(RESTAURANT).get(/.*/).reply(403, { status: 403, message: 'The restaurant is not connected to your client.', requestId: 'r-7' });
    expect(await runIdentify(connector, ctxOf({ facts: {} }))).toEqual({
      ok: false,
      failure: {
        code: 'FORBIDDEN_SCOPE',
        message: 'Toast answered 403: The restaurant is not connected to your client.',
        reference: 'r-7',
      },
    });
  });

  test('that was deleted is gone for good, though Toast says 400', async () => {
    of(RESTAURANT).get(/.*/).reply(400, { status: 400, message: 'Restaurant(restaurant-one) has been deleted' });
    expect(await runIdentify(connector, ctxOf({ facts: {} }))).toMatchObject({ failure: { code: 'TARGET_GONE' } });
  });
});

describe('the locations', () => {
  test('are the restaurants of the group, with currency and zone, archived ones left out', async () => {
    of(RESTAURANT)
      .get('/restaurants/v1/groups/group-pepa/restaurants')
      .reply(200, [{ guid: RESTAURANT }, { guid: SECOND }, { guid: 'old' }]);
    of(RESTAURANT).get(`/restaurants/v1/restaurants/${RESTAURANT}`).reply(200, restaurant());
    of(SECOND).get(`/restaurants/v1/restaurants/${SECOND}`).reply(200, restaurant(SECOND, 'Casa Ana'));
    const old = restaurant('old', 'Gone');
    of('old')
      .get('/restaurants/v1/restaurants/old')
      .reply(200, { ...old, general: { ...old.general, archived: true } });
    expect(await runLocations(connector, ctxOf())).toEqual({
      ok: true,
      value: [
        { id: RESTAURANT, name: 'Casa Pepa, Harbour', currency: 'USD', zone: 'America/Los_Angeles' },
        { id: SECOND, name: 'Casa Ana, Harbour', currency: 'USD', zone: 'America/Los_Angeles' },
      ],
    });
  });

  test('of a partner, who may not list a group, are the one restaurant', async () => {
    of(RESTAURANT).get('/restaurants/v1/groups/group-pepa/restaurants').reply(403, {});
    of(RESTAURANT).get(`/restaurants/v1/restaurants/${RESTAURANT}`).reply(200, restaurant());
    expect(await runLocations(connector, ctxOf())).toMatchObject({ value: [{ id: RESTAURANT }] });
  });
});

describe('the host', () => {
  test('is the one that Toast gave out, and one of Toast’s', async () => {
    nock('https://ws-sandbox.eng.toasttab.com').get(`/restaurants/v1/restaurants/${RESTAURANT}`).reply(200, restaurant());
    expect(await runIdentify(connector, ctxOf({ settings: { apiHost: 'ws-sandbox.eng.toasttab.com' } }))).toMatchObject({ ok: true });
    expect(await runIdentify(connector, ctxOf({ settings: { apiHost: 'toasttab.com.example' } }))).toMatchObject({
      ok: false,
      failure: { message: 'The address of the platform is none of those that the connector may call.' },
    });
    expect(() => parsed({ apiHost: 'https://x/' })).toThrow('a host name');
  });
});

describe('the limits', () => {
  const reply = (headers: Readonly<Record<string, string>>) => ({
    status: 200,
    headers,
    body: null,
    text: '',
    at: '2026-03-06T19:30:00.000Z',
  });
  const told = (remaining: string, reset: number, by = 'GLOBAL') =>
    pace(
      reply({
        'x-toast-ratelimit-by': by,
        'x-toast-ratelimit-remaining': remaining,
        'x-toast-ratelimit-reset': String(Date.parse('2026-03-06T19:30:00Z') / 1000 + reset),
      }),
    );

  test('are corrected by what a reply tells of the nearest one', () => {
    expect(limits.map(({ name }) => name)).toEqual(['second', 'quarter']);
    expect(told('3', 1)).toEqual([{ limit: 'second', remaining: 3, restoresAt: '2026-03-06T19:30:01.000Z' }]);
    expect(told('120', 600, 'API')).toEqual([{ limit: 'quarter', remaining: 120, restoresAt: '2026-03-06T19:40:00.000Z' }]);
    expect(told('4', 1, 'ENDPOINT,ACCOUNT')).toEqual([]);
    expect(told('0', 1, 'ENDPOINT')).toMatchObject([{ limit: 'second', remaining: 0 }]);
  });

  test('are left alone where nothing readable is told', () => {
    expect(pace(reply({}))).toEqual([]);
    expect(told('many', 1)).toEqual([]);
    expect(pace(reply({ 'x-toast-ratelimit-remaining': '1', 'x-toast-ratelimit-reset': 'soon' }))).toEqual([]);
  });
});
