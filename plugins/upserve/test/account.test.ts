import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runIdentify, runNamedVerb } from '@valehub/connector-kit/testing';
import nock from 'nock';
import connector from '../src/index.ts';
import { checkOf, pageOfChecks } from './check.ts';
import { check } from './fixtures.ts';
import { closeTransport, ctxOf, parsed, readDay } from './support.ts';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});
afterAll(() => {
  nock.restore();
  closeTransport();
});

const api = () => nock('https://api.breadcrumb.com');

describe('the account', () => {
  test('is the user name, once it may read checks', async () => {
    api()
      .get('/ws/v2/checks.json')
      .query({ date: '20260306', limit: '1', offset: '0' })
      .reply(200, pageOfChecks([checkOf(check)], 40));
    expect(await runIdentify(connector, ctxOf())).toEqual({ ok: true, value: { account: 'api-casa-pepa', name: 'api-casa-pepa' } });
  });

  test('that is refused without a word is BAD_CREDENTIALS, and no secret stands in the message', async () => {
    api().get('/ws/v2/checks.json').query(true).reply(401, '');
    const ran = await runIdentify(connector, ctxOf());
    expect(ran).toMatchObject({ ok: false, failure: { code: 'BAD_CREDENTIALS' } });
    expect(JSON.stringify(ran)).not.toMatch(/password-1|partner-key-1/);
  });
});

test('without a partner key, of an App or of the connection itself, nothing is asked', async () => {
  expect(await runIdentify(connector, ctxOf({ settings: { apiKey: null } }))).toMatchObject({
    ok: false,
    failure: { code: 'BAD_CREDENTIALS', message: 'The credential has not been entered.' },
  });
});

describe('the settings', () => {
  test.each([
    [{ username: '' }, 'username'],
    [{ username: 'casa pepa' }, 'username'],
    [{ username: 'casa\r\nx-evil: 1' }, 'username'],
    [{ password: null }, 'password'],
  ])('%j is refused', (more, at) => {
    const result = parsed(more);
    expect(result.ok).toBe(false);
    expect(JSON.stringify(result)).toContain(at);
  });

  test('hide the password and the key', () => {
    const result = parsed();
    expect(result.ok && result.parsed.settings).toEqual(expect.objectContaining({ username: 'api-casa-pepa' }));
    expect(JSON.stringify(result.ok && result.parsed.settings)).not.toMatch(/password-1|partner-key-1/);
  });
});

describe('pages', () => {
  const page = (ids: readonly string[], meta: object) => ({ meta, objects: ids.map((id) => checkOf({ ...check, id })) });

  test('are followed by `next` where no count is told, and end with an empty one', async () => {
    api()
      .get('/ws/v2/checks.json')
      .query({ date: '20260306', limit: '100', offset: '0' })
      .reply(200, page(['a', 'b'], { next: '/more' }));
    api()
      .get('/ws/v2/checks.json')
      .query({ date: '20260306', limit: '100', offset: '2' })
      .reply(200, page(['c'], { next: '/more' }));
    api()
      .get('/ws/v2/checks.json')
      .query({ date: '20260306', limit: '100', offset: '3' })
      .reply(200, page([], { next: '/more' }));
    expect(await readDay(ctxOf())).toHaveLength(3);
  });

  test('end where a list has shrunk meanwhile', async () => {
    api()
      .get('/ws/v2/checks.json')
      .query({ date: '20260306', limit: '100', offset: '0' })
      .reply(200, page(['a'], { total_count: 5 }));
    api()
      .get('/ws/v2/checks.json')
      .query({ date: '20260306', limit: '100', offset: '1' })
      .reply(200, page([], { total_count: 5 }));
    expect(await readDay(ctxOf())).toHaveLength(1);
  });

  test('without their frame are no pages', async () => {
    api()
      .get('/ws/v2/checks.json')
      .query(true)
      .reply(200, [checkOf(check)]);
    await expect(readDay(ctxOf())).rejects.toMatchObject({ failure: { code: 'BAD_REPLY' } });
  });
});

test.each(['orders.apply', 'vouchers.publish', 'messages.send', 'events.push'])(
  '%s is not supported: Upserve can be read only',
  async (verb) => {
    const step = await runNamedVerb(connector, ctxOf(), verb as never, [{ id: 'j-1', key: 'key-of-the-job-1', input: {} }], undefined);
    expect(step.outcomes).toMatchObject([{ failed: { code: 'NOT_SUPPORTED' } }]);
  },
);

test('no webhooks, no questions: only the poll brings checks', () => {
  expect(Object.keys(connector.roles)).toEqual(['orders.source']);
  expect(connector).not.toHaveProperty('webhooks');
  expect(connector).not.toHaveProperty('questions');
});
