import { describe, expect, test } from '@jest/globals';
import type { Auth, Connector, Credential, Subscription } from '@valehub/connector-kit';
import { activeKeys, replacedKeys, valuesOf, verificationNames } from '../../src/connectors/connections/active-keys.rules.ts';
import { lowered } from '../../src/connectors/connections/capabilities.rules.ts';
import { judgeIdentity } from '../../src/connectors/connections/identity.rules.ts';
import { connectionSettings } from '../../src/connectors/connections/settings-input.ts';
import { deadWords, renewAtMs } from '../../src/connectors/credentials/grant.rules.ts';
import { dueAtMs, keeping, known, retryAtMs } from '../../src/connectors/subscriptions/subscription.rules.ts';
import { versionWarning } from '../../src/connectors/upkeep/version-end.rules.ts';
import { madeUp } from './support/made-up.ts';
import { oauthed } from './support/made-up-oauth.ts';

const NOW = Date.parse('2026-03-06T20:30:00.000Z');
const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const at = (ms: number): string => new Date(NOW + ms).toISOString();

describe('keys', () => {
  test('are those that the declaration verifies by: webhooks, questions, the way back', () => {
    expect([...verificationNames(oauthed())]).toEqual(['signingKey']);
    expect([...verificationNames(madeUp())]).toEqual([]);
  });

  test('that are replaced go on; those that verify nothing, stayed, or were taken out do not', () => {
    const names = new Set(['a', 'b', 'c']);
    const before = { a: '1', b: '2', c: '3', token: '4' };
    expect(replacedKeys(names, before, { a: '9', b: '2', token: '5' })).toEqual({ a: ['1'] });
  });

  test('in force: every value once, an earlier one only beside a present one, never an empty one', () => {
    const current = [valuesOf({ a: '1', e: '' }), { a: ['2', '1'] }];
    expect(activeKeys(current, [{ a: ['0'], gone: ['x'], e: ['y'] }])).toEqual({ a: ['1', '2', '0'] });
  });
});

describe('subscriptions', () => {
  const one = (further: Partial<Subscription> = {}): Subscription => ({ id: 'S', topics: ['t'], url: 'u', ...further });

  test('go back to the connector with the names of their secrets, and a name without a value keeps what there was', () => {
    const first = keeping({}, [one({ secrets: { k: 'one' } })]);
    expect(first).toMatchObject({ secrets: { S: { k: 'one' } }, replaced: {}, subscriptions: [{ secretNames: ['k'] }] });
    const [again] = first.subscriptions.map(known);
    expect(again).toEqual(one({ secrets: { k: '' } }));
    for (const given of [again as Subscription, one()])
      expect(keeping(first.secrets, [given])).toMatchObject({ secrets: { S: { k: 'one' } }, replaced: {} });
  });

  test('keep what was replaced or is gone for those who sign with it still', () => {
    expect(keeping({ S: { k: 'one' }, T: { k: 'two' } }, [one({ secrets: { k: 'three' } })])).toMatchObject({
      secrets: { S: { k: 'three' } },
      replaced: { k: ['one', 'two'] },
    });
  });

  test.each([
    ['daily', [], DAY],
    ['daily where one lives long', [at(30 * DAY)], DAY],
    ['in the last quarter of a short life', [at(30 * DAY), at(4 * HOUR)], 3 * HOUR],
    ['not at once again where one is over', [at(-HOUR)], 60_000],
  ])('are looked after %s', (_when, ends, ms) => {
    const kept = ends.map((expiresAt) => ({ id: 'S', topics: [], url: 'u', secretNames: [], expiresAt }));
    expect(dueAtMs(kept, NOW) - NOW).toBe(ms);
  });

  test.each([
    ['FORBIDDEN_SCOPE', undefined, 0, DAY],
    ['PLATFORM_DOWN', undefined, 0, 15 * 60_000],
    ['PLATFORM_DOWN', undefined, 2, HOUR],
    ['TIMEOUT', undefined, 20, DAY],
    ['RATE_LIMITED', 'PT2H', 0, 2 * HOUR],
    ['RATE_LIMITED', 'PT1S', 0, 60_000],
  ] as const)('that fail with %s (%s) after %i attempts are tried again', (code, wait, attempts, ms) => {
    expect(retryAtMs({ code, message: '', ...(wait ? { wait } : {}) }, attempts, NOW) - NOW).toBe(ms);
  });
});

describe('a credential', () => {
  const secrets = { token: 't' };
  test.each<[string, Omit<Credential, 'secrets'>, number | null]>([
    ['that never ends is left', {}, null],
    ['of half an hour is left until somebody needs it', { expiresAt: at(HOUR / 2) }, null],
    ['of thirty days is renewed after three quarters', { expiresAt: at(30 * DAY) }, 22.5 * DAY],
    ['that dies idle is renewed after three quarters', { expiresAt: at(HOUR), useBefore: at(60 * DAY) }, 45 * DAY],
    ['is renewed by what ends first', { expiresAt: at(8 * DAY), useBefore: at(4 * DAY) }, 3 * DAY],
    ['that has died already is renewed at once', { useBefore: at(-DAY) }, 0],
  ])('%s', (_what, credential, ms) => {
    const renewAt = renewAtMs({ secrets, ...credential }, NOW);
    expect(renewAt === null ? null : renewAt - NOW).toBe(ms);
  });

  test('that is refused says in the platform’s words what happened and what to do', () => {
    const failure = { code: 'BAD_CREDENTIALS', message: 'invalid_grant.' } as const;
    const browser = { by: 'token', place: {}, authorize: { host: 'api', path: '/', scopes: [], pkce: false } } satisfies Auth;
    expect(deadWords(failure, browser, null)).toBe(
      'BAD_CREDENTIALS. invalid_grant. Somebody has to agree to it anew (authorizeConnection).',
    );
    expect(deadWords(failure, { by: 'token', place: {} }, new Date(NOW))).toBe(
      'BAD_CREDENTIALS. invalid_grant. On 2026-03-06T20:30:00.000Z the hub asked for new credentials and never saw the answer: the platform may have given them out then. Enter its credentials anew (updateConnection).',
    );
  });
});

describe('whose a connection is', () => {
  const a = { account: 'A', name: 'a' };
  const b = { account: 'B', name: 'b' };
  test.each([
    ['the only one', a, null, true, { identity: a }],
    ['the same as before', a, 'A', true, { identity: a }],
    ['another one, entered by hand', b, 'A', false, { identity: b }],
    ['another one, of whoever was logged in', b, 'A', true, { failure: { code: 'BAD_CREDENTIALS', foreign: true } }],
    ['the only one to choose', { choose: [a] }, null, true, { identity: a }],
    ['the chosen one', { choose: [a, b] }, 'B', true, { identity: b }],
    ['one that is to be chosen', { choose: [a, b] }, null, true, { choose: [a, b] }],
    ['a chosen one that is there no more', { choose: [a] }, 'B', true, { failure: { code: 'BAD_CREDENTIALS' } }],
  ])('%s', (_what, identified, account, bound, expected) => {
    expect(judgeIdentity(identified, account, bound)).toMatchObject(expected);
  });
});

test('capabilities are lowered, never raised, and nothing is added', () => {
  const all = { 'codes.bulk': 'ENFORCED', 'codes.single': { approximated: 'x' }, 'lifecycle.redeem': 'BY_HUB' } as const;
  expect(lowered(all, null)).toEqual(all);
  expect(
    lowered(all, {
      'codes.bulk': { approximated: 'y' },
      'codes.single': 'ENFORCED',
      'lifecycle.redeem': 'NOT_POSSIBLE',
      'alert.send': 'ENFORCED',
    }),
  ).toEqual({ 'codes.bulk': { approximated: 'y' }, 'codes.single': { approximated: 'x' }, 'lifecycle.redeem': 'NOT_POSSIBLE' });
});

test('a default of the connection does not hide what its App says, and what was entered does', () => {
  const given = (settings: object) => connectionSettings(oauthed(), settings, true, []).settings;
  expect(given({})).toEqual({ locations: {} });
  expect(given({ environment: 'sandbox', apiBaseUrl: null })).toEqual({ environment: 'sandbox', locations: {} });
  expect(connectionSettings(madeUp(), { apiKey: 'k' }, false, []).settings).toEqual({ environment: 'production', locations: {} });
});

describe('a version of a platform’s API', () => {
  const warning = (until?: string) => {
    const connector: Connector = {
      ...madeUp(),
      versions: [{ id: '7', link: 'https://x.example', ...(until === undefined ? {} : { until }) }],
    };
    return versionWarning(connector, NOW);
  };
  test.each([
    ['without an end', undefined, null],
    ['that ends in 91 days', '2026-06-06', null],
    ['that ends in 89 days', '2026-06-03', expect.stringContaining('ends on 2026-06-03')],
    ['that is over', '2026-01-01', expect.stringContaining('ended on 2026-01-01')],
  ])('%s', (_what, until, expected) => expect(warning(until)).toEqual(expected));
});
