import { describe, expect, test } from '@jest/globals';
import { forger } from '../testing/forge.ts';
import type { Place, Verification } from '../verification.ts';
import type { IncomingRequest } from './request.ts';
import { schemeInForce, signedBytes, verifyByScheme } from './verify.ts';

const NOW = Date.parse('2026-03-06T19:30:00Z');
const time: Place = { header: 'x-time' };
const signature: Place = { header: 'x-signature' };
const draft = { url: 'https://hub.example.com/webhooks/c-1?x=%C3%A1', body: '{"token":"inside","n":1}', at: NOW };

const SCHEMES: Readonly<Record<string, Verification>> = {
  'hmac of url and body': { by: 'hmac', hash: 'sha256', key: { secret: 'k' }, signed: ['url', 'body'], signature, encoding: 'base64' },
  'hmac in hex after a prefix, with a time': {
    by: 'hmac',
    hash: 'sha256',
    key: { secret: 'k' },
    signed: [{ text: 'v0:' }, time, { text: ':' }, 'body'],
    signature: { header: 'x-signature', after: 'v0=' },
    encoding: 'hex',
    time: { at: time, unit: 's', window: 'PT5M' },
  },
  'hmac with a key in base64': {
    by: 'hmac',
    hash: 'sha512',
    key: { secret: 'k', decode: 'base64' },
    signed: ['body'],
    signature,
    encoding: 'hexOrBase64',
  },
  'hmac in a list of fields': {
    by: 'hmac',
    hash: 'sha1',
    key: { secret: 'k' },
    signed: [{ headerField: 'x-signature', name: 't' }, { text: '.' }, 'body'],
    signature: { headerField: 'x-signature', name: 'v1' },
    encoding: 'hex',
    time: { at: { headerField: 'x-signature', name: 't' }, unit: 'ms', window: 'PT5M' },
  },
  'hmac in a list of signatures': {
    by: 'hmac',
    hash: 'sha256',
    key: { secret: 'k', decode: 'base64', prefix: 'whsec_' },
    signed: [{ header: 'x-id' }, { text: '.' }, time, { text: '.' }, 'body'],
    signature: { headerList: 'x-signature', after: 'v1,' },
    encoding: 'base64',
    time: { at: time, unit: 's', window: 'PT5M' },
  },
  'hmac of method, decoded url and a member': {
    by: 'hmac',
    hash: 'sha256',
    key: { secret: 'k' },
    signed: ['method', 'urlDecoded', 'body', { field: 'token' }],
    signature: { query: 'sig' },
    encoding: 'hex',
  },
  'plain hash': { by: 'hash', hash: 'sha256', key: { secret: 'k' }, signed: ['key', 'method', 'url', 'body'], signature, encoding: 'hex' },
  ecdsa: {
    by: 'ecdsa',
    hash: 'sha256',
    key: { secret: 'k', decode: 'spki' },
    signed: [time, 'body'],
    signature,
    encoding: 'base64',
    time: { at: time, unit: 's', window: 'PT24H' },
  },
  'ecdsa in the short form': {
    by: 'ecdsa',
    hash: 'sha256',
    form: 'p1363',
    key: { secret: 'k', decode: 'spki' },
    signed: ['body'],
    signature,
    encoding: 'hex',
  },
  ed25519: {
    by: 'ed25519',
    key: { secret: 'k', decode: 'spki' },
    signed: [time, 'body'],
    signature,
    encoding: 'hex',
    time: { at: time, unit: 'iso', window: 'PT5M' },
  },
  token: { by: 'token', at: { header: 'x-token' }, key: { secret: 'k' } },
  basic: { by: 'basic', user: { secret: 'u' }, password: { secret: 'k' } },
  'secret address': { by: 'urlSecret', query: 'key', key: { secret: 'k' } },
};

const verdict = async (
  scheme: Verification,
  request: IncomingRequest,
  secrets: Readonly<Record<string, string>>,
  nowMs = NOW,
): Promise<string> => {
  const verified = await verifyByScheme(scheme, request, (name) => (secrets[name] === undefined ? [] : [secrets[name]]), nowMs);
  return verified.ok ? 'ok' : verified.fault;
};

describe.each(Object.entries(SCHEMES))('%s', (_name, scheme) => {
  const ours = forger(scheme);
  const request = ours.sign(draft);

  test('a genuine request is taken, another key is not', async () => {
    await expect(verdict(scheme, request, ours.secrets)).resolves.toBe('ok');
    await expect(verdict(scheme, request, forger(scheme).secrets)).resolves.toBe('SIGNATURE_WRONG');
    await expect(verdict(scheme, request, {})).resolves.toBe('KEY_MISSING');
  });

  test('a changed body is refused where the body is signed', async () => {
    const changed = { ...request, body: Buffer.from('{"token":"inside","n":2}') };
    await expect(verdict(scheme, changed, ours.secrets)).resolves.toBe('signed' in scheme ? 'SIGNATURE_WRONG' : 'ok');
  });

  test('another registered address is refused where the address is signed', async () => {
    const isSigned = 'signed' in scheme && (scheme.signed.includes('url') || scheme.signed.includes('urlDecoded'));
    await expect(verdict(scheme, { ...request, url: 'https://hub.example.com/webhooks/c-2' }, ours.secrets)).resolves.toBe(
      isSigned ? 'SIGNATURE_WRONG' : 'ok',
    );
  });

  test('without its signature and with two of them it is refused', async () => {
    const bare = { ...request, query: '', headers: [['content-type', 'application/json']] as const };
    await expect(verdict(scheme, bare, ours.secrets)).resolves.toBe('SIGNATURE_MISSING');
    const doubled = { ...request, query: `${request.query}&${request.query}`, headers: [...request.headers, ...request.headers] };
    await expect(verdict(scheme, doubled, ours.secrets)).resolves.toBe('SIGNATURE_DOUBLED');
  });
});

describe('what is signed', () => {
  const stamped = SCHEMES['hmac in hex after a prefix, with a time'] as Verification;
  const ours = forger(stamped);

  test.each([
    [-300_000, 'ok'],
    [-301_000, 'TOO_LATE'],
    [300_000, 'ok'],
    [301_000, 'TOO_EARLY'],
  ])('a time %i ms away: %s', async (away, expected) => {
    await expect(verdict(stamped, ours.sign({ ...draft, at: NOW + away }), ours.secrets)).resolves.toBe(expected);
  });

  test('a time of a day is allowed only a few minutes ahead', async () => {
    const scheme = SCHEMES['ecdsa'] as Verification;
    const signer = forger(scheme);
    await expect(verdict(scheme, signer.sign({ ...draft, at: NOW + 10 * 60_000 }), signer.secrets)).resolves.toBe('TOO_EARLY');
    await expect(verdict(scheme, signer.sign({ ...draft, at: NOW - 23 * 3_600_000 }), signer.secrets)).resolves.toBe('ok');
  });

  test('a part that is missing or doubled is refused', async () => {
    const request = ours.sign(draft);
    const header = request.headers.find(([name]) => name === 'x-time') ?? ['x-time', ''];
    await expect(
      verdict(stamped, { ...request, headers: request.headers.filter(([name]) => name !== 'x-time') }, ours.secrets),
    ).resolves.toBe('PART_MISSING');
    await expect(verdict(stamped, { ...request, headers: [...request.headers, header] }, ours.secrets)).resolves.toBe('PART_MISSING');
  });

  test.each(['v0=zz', 'v0=abc', 'v0=', 'v1=00', 'v0=00', `v0=${'0'.repeat(64)}`])('the signature %s is refused', async (text) => {
    const request = ours.sign(draft);
    const headers = request.headers.map(([name, value]) => [name, name === 'x-signature' ? text : value] as const);
    await expect(verdict(stamped, { ...request, headers }, ours.secrets)).resolves.toMatch(/^SIGNATURE_(MALFORMED|MISSING|WRONG)$/);
  });

  test('a key that is no key is refused, not thrown', async () => {
    const scheme = SCHEMES['ecdsa'] as Verification;
    await expect(verdict(scheme, forger(scheme).sign(draft), { k: 'not a key' })).resolves.toBe('SIGNATURE_WRONG');
    const ed = forger(SCHEMES['ed25519'] as Verification);
    await expect(verdict(scheme, forger(scheme).sign(draft), ed.secrets)).resolves.toBe('SIGNATURE_WRONG');
  });

  test.each([
    ['/a%3Ab%2Fc%3fd%40e%21', '/a:b/c?d@e!'],
    ['/?x=%24%27%28%29%2a%2C%3B', "/?x=$'()*,;"],
    // All else stays as it was sent: decoding more would make other bytes of it, or two addresses one.
    ['/a%20b%26c%3D%2B%23%25%C3%A1%ZZ', '/a%20b%26c%3D%2B%23%25%C3%A1%ZZ'],
    ['/%253A', '/%253A'],
  ])('the address %s is decoded to %s', (path, decoded) => {
    const request = { ...ours.sign(draft), url: `https://hub.example.com${path}` };
    const bytes = signedBytes(request, ['urlDecoded'], Buffer.alloc(0));
    expect(bytes?.toString()).toBe(`https://hub.example.com${decoded}`);
  });

  test('a header is found whatever the case of its name', () => {
    const request = ours.sign(draft);
    return expect(
      verdict(stamped, { ...request, headers: request.headers.map(([name, value]) => [name.toUpperCase(), value] as const) }, ours.secrets),
    ).resolves.toBe('ok');
  });
});

describe('a token of published keys', () => {
  const at = { header: 'authorization' } as const;
  const published = { host: 'api', path: '/keys' } as const;
  const byPem: Verification = { by: 'jwt', token: at, algorithms: ['RS256'], key: { jwks: { ...published, pem: 'value' } } };
  const bySet: Verification = { by: 'jwt', token: at, algorithms: ['ES256'], key: { jwks: published } };

  test.each([
    ['one key in PEM', byPem],
    ['a key set', bySet],
  ])('as %s: a genuine one is taken, another key and nothing published are not', async (_how, scheme) => {
    const ours = forger(scheme);
    const request = ours.sign(draft);
    await expect(verdict(scheme, request, ours.secrets)).resolves.toBe('ok');
    await expect(verdict(scheme, request, forger(scheme).secrets)).resolves.toBe('SIGNATURE_WRONG');
    await expect(verdict(scheme, request, {})).resolves.toBe('KEY_MISSING');
    await expect(verdict(scheme, request, ours.secrets, NOW + 3_600_000)).resolves.toBe('TOO_LATE');
  });

  test.each(['no JSON', '{}', '{"value":"no key"}'])('a key that reads %s proves nothing, and is not thrown', async (text) => {
    const request = forger(byPem).sign(draft);
    await expect(verdict(byPem, request, { 'jwks:api/keys': text })).resolves.toBe('SIGNATURE_WRONG');
  });
});

describe('a list of signatures', () => {
  const scheme = SCHEMES['hmac in a list of signatures'] as Verification;
  const ours = forger(scheme);
  const request = ours.sign(draft);
  const good = request.headers.find(([name]) => name === 'x-signature')?.[1] ?? '';
  const other = `v1,${Buffer.alloc(32, 1).toString('base64')}`;
  const having = (text: string) => ({
    ...request,
    headers: request.headers.map(([name, value]) => [name, name === 'x-signature' ? text : value] as const),
  });

  test.each([
    ['the right one first', `${good} ${other}`, 'ok'],
    ['the right one last', `${other} ${good}`, 'ok'],
    ['one of another kind beside it', `v1a,${Buffer.alloc(64, 2).toString('base64')} ${good}`, 'ok'],
    ['one that cannot be read beside it', `v1,#! ${good}`, 'ok'],
    ['more spaces than needed', `  ${good} `, 'ok'],
    ['only wrong ones', `${other} ${other}`, 'SIGNATURE_WRONG'],
    ['only one of another kind', good.replace('v1,', 'v1a,'), 'SIGNATURE_MISSING'],
    ['the right one under another mark', good.replace('v1,', 'v2,'), 'SIGNATURE_MISSING'],
    ['none that can be read', 'v1,#! v1,', 'SIGNATURE_MALFORMED'],
    ['nothing', '', 'SIGNATURE_MISSING'],
    ['more than a sender has', [...Array.from({ length: 8 }, () => other), good].join(' '), 'SIGNATURE_MALFORMED'],
    ['commas between', `${other},${good}`, 'SIGNATURE_MALFORMED'],
  ])('with %s', async (_what, text, expected) => {
    await expect(verdict(scheme, having(text), ours.secrets)).resolves.toBe(expected);
  });

  test('is no list of headers: a second header is refused, right as it may be', async () => {
    const doubled = { ...request, headers: [...request.headers, ['X-Signature', good] as const] };
    await expect(verdict(scheme, doubled, ours.secrets)).resolves.toBe('SIGNATURE_DOUBLED');
  });

  test('does not make another scheme take two signatures', async () => {
    const single: Verification = { ...scheme, signature: { header: 'x-signature', after: 'v1,' } } as Verification;
    await expect(verdict(single, having(`${other} ${good}`), ours.secrets)).resolves.toBe('SIGNATURE_MALFORMED');
    await expect(verdict(single, request, ours.secrets)).resolves.toBe('ok');
  });

  test('its key is the same with and without what stands before it', async () => {
    const key = ours.secrets['k'] ?? '';
    expect(key).toMatch(/^whsec_/);
    await expect(verdict(scheme, request, { k: key.slice('whsec_'.length) })).resolves.toBe('ok');
    await expect(verdict(scheme, request, { k: `whsec_${key}` })).resolves.toBe('SIGNATURE_WRONG');
  });

  test('signs the id along', async () => {
    const headers = request.headers.map(([name, value]) => [name, name === 'x-id' ? `${value}x` : value] as const);
    await expect(verdict(scheme, { ...request, headers }, ours.secrets)).resolves.toBe('SIGNATURE_WRONG');
  });
});

describe('a header that is being renamed', () => {
  const scheme: Verification = {
    by: 'hmac',
    hash: 'sha256',
    key: { secret: 'k' },
    signed: ['body'],
    signature: { header: 'x-signature', or: 'signature' },
    encoding: 'base64',
  };
  const ours = forger(scheme);
  const request = ours.sign(draft);
  const renamed = request.headers.map(([name, value]) => [name === 'x-signature' ? 'signature' : name, value] as const);

  test('is found under either name, and proves as much', async () => {
    await expect(verdict(scheme, request, ours.secrets)).resolves.toBe('ok');
    await expect(verdict(scheme, { ...request, headers: renamed }, ours.secrets)).resolves.toBe('ok');
    await expect(verdict(scheme, { ...request, headers: renamed }, forger(scheme).secrets)).resolves.toBe('SIGNATURE_WRONG');
    await expect(verdict(scheme, { ...request, headers: [...renamed, ...renamed] }, ours.secrets)).resolves.toBe('SIGNATURE_DOUBLED');
  });

  test('counts by its first name where both are there', () =>
    expect(verdict(scheme, { ...request, headers: [...renamed, ['x-signature', 'AAAA']] }, ours.secrets)).resolves.toBe('SIGNATURE_WRONG'));
});

describe('several schemes', () => {
  const weak = { ...(SCHEMES['token'] as Verification), whenSet: 'token' };
  const strong = { ...(SCHEMES['hmac of url and body'] as Verification), whenSet: 'signingKey' };

  test('the first whose setting has a value is the only one', () => {
    expect(schemeInForce([strong, weak], (name) => name === 'signingKey' || name === 'token')).toBe(strong);
    expect(schemeInForce([strong, weak], (name) => name === 'token')).toBe(weak);
    expect(schemeInForce([strong, weak], () => false)).toBeUndefined();
  });
});

describe('published keys', () => {
  const scheme: Verification = {
    by: 'jwt',
    token: 'body',
    algorithms: ['RS256'],
    key: { jwks: { host: 'api', path: '/keys' } },
  };
  const name = 'jwks:api/keys';
  const ours = forger(scheme);
  const renamed = (set: string): string => set.replaceAll('key-1', 'key-2');

  test('a key that is not among them is told apart from a wrong signature, so that the host looks for new ones', async () => {
    const request = ours.sign(draft);
    await expect(verdict(scheme, request, ours.secrets)).resolves.toBe('ok');
    await expect(verdict(scheme, request, forger(scheme).secrets)).resolves.toBe('SIGNATURE_WRONG');
    await expect(verdict(scheme, request, { [name]: renamed(ours.secrets[name] ?? '') })).resolves.toBe('KEY_UNKNOWN');
  });
});
