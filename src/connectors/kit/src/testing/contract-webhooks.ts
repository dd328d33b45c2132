import assert from 'node:assert/strict';
import { bodyLimit, type Received, receive } from '../inbound/receive.ts';
import type { IncomingRequest } from '../inbound/request.ts';
import type { Fact, Notice } from '../notices.ts';
import { runRead, runSplit } from '../run.ts';
import { durationMs } from '../time.ts';
import type { Place, Verification } from '../verification.ts';
import { type Bench, HOOK_URL, onBench, schemeNameOf } from './bench.ts';
import { assertSecretFree, type ContractTest, PATIENT_MS, type Subject, settled } from './contract-test.ts';
import { type Forger, forgerFor } from './forge.ts';
import type { DeliverySample, HandshakeSample } from './samples.ts';

const text = (body: DeliverySample['body']): string => (typeof body === 'string' ? body : JSON.stringify(body));

function signed(forger: Forger, sample: DeliverySample, at: number): IncomingRequest {
  const headers = [['content-type', sample.contentType ?? 'application/json'], ...Object.entries(sample.headers ?? {})] as [
    string,
    string,
  ][];
  return forger.sign({ url: HOOK_URL, body: text(sample.body), headers, at });
}

const schemeOf = ({ connector, samples }: Subject): Verification | undefined => {
  const verify = connector.webhooks?.verify;
  if (!verify || !('length' in verify)) return verify;
  const name = schemeNameOf(connector, samples);
  return verify.find(({ whenSet }) => whenSet === name) ?? verify[0];
};

/** A signer of the same scheme, with other keys. */
const another = ({ connector, samples }: Subject): Forger => forgerFor(connector, {}, schemeNameOf(connector, samples));

/** Whether the body is signed, or the request only carries a secret. */
const provesBody = (scheme: Verification | undefined): boolean =>
  scheme !== undefined && ('signed' in scheme || (scheme.by === 'jwt' && scheme.token === 'body'));

export const faultOf = (received: Received): string =>
  received.kind === 'refused' ? `${received.status} ${received.fault}` : received.kind;

function withForger<T>(
  subject: Subject,
  use: (bench: Bench, forger: Forger, take: (request: IncomingRequest, nowMs?: number) => Promise<Received>) => Promise<T>,
): Promise<T> {
  return onBench(subject.connector, subject.samples, PATIENT_MS, async (bench) => {
    assert.ok(bench.forger, 'the connector takes no webhooks');
    const take = (request: IncomingRequest, nowMs = bench.nowMs): Promise<Received> =>
      receive(subject.connector, request, { keys: (name) => (bench.secrets[name] === undefined ? [] : [bench.secrets[name]]), nowMs });
    return use(bench, bench.forger, take);
  });
}

async function noticesOf(subject: Subject, received: Received): Promise<readonly Notice[]> {
  assert.ok(received.kind === 'delivery', `refused: ${JSON.stringify(received)}`);
  return settled(await runSplit(subject.connector, JSON.parse(JSON.stringify(received.delivery))));
}

const checkTaken = (subject: Subject, sample: DeliverySample): Promise<void> =>
  withForger(subject, async ({ standIn, ctx, nowMs, secrets }, forger, take) => {
    const request = signed(forger, sample, nowMs);
    const received = await take(request);
    const notices = await noticesOf(subject, received);
    assert.equal(notices.length, sample.notices, 'the number of notices');
    assert.ok(
      notices.some((notice) => notice.topic === sample.topic),
      `none of the notices is a ${sample.topic}`,
    );
    assertSecretFree(notices, secrets, 'a notice');
    const again = await noticesOf(subject, await take(request, nowMs + 1000));
    assert.deepEqual(
      again.map((notice) => notice.repeat),
      notices.map((notice) => notice.repeat),
      'the same delivery has other keys the second time',
    );
    const keys = notices.flatMap((notice) => (notice.repeat === 'signal' ? [] : [notice.repeat.key]));
    assert.equal(new Set(keys).size, keys.length, 'two notices of one delivery share a key');
    standIn.answer(sample.replies ?? []);
    const facts: Fact[] = [];
    for (const notice of notices)
      facts.push(...settled(await runRead(subject.connector, ctx, JSON.parse(JSON.stringify(notice)) as Notice)));
    assert.deepEqual(
      facts.map((fact) => fact.kind),
      sample.facts,
    );
    assertSecretFree(facts, secrets, 'a fact');
    sample.check?.(facts);
  });

const changed = (body: Uint8Array): Uint8Array => Buffer.concat([body, Buffer.from(' ')]);

const placeOf = (scheme: Verification): Place | undefined => {
  if ('signature' in scheme) return 'headerList' in scheme.signature ? { header: scheme.signature.headerList } : scheme.signature;
  if (scheme.by === 'token') return scheme.at;
  return scheme.by === 'jwt' && scheme.token !== 'body' ? scheme.token : undefined;
};

export const withoutSignature = (request: IncomingRequest, scheme: Verification): IncomingRequest => {
  if (scheme.by === 'jwt' && scheme.token === 'body') return { ...request, body: Buffer.from('{}') };
  const place = placeOf(scheme) ?? { header: 'authorization' };
  const name = 'header' in place ? place.header : 'headerField' in place ? place.headerField : undefined;
  return { ...request, query: '', headers: request.headers.filter(([header]) => header.toLowerCase() !== name?.toLowerCase()) };
};

const doubledSignature = (request: IncomingRequest, scheme: Verification): IncomingRequest | undefined => {
  const place = placeOf(scheme);
  if (!place || !('header' in place)) return undefined;
  const header = request.headers.find(([name]) => name.toLowerCase() === place.header.toLowerCase());
  return header && { ...request, headers: [...request.headers, header] };
};

const checkRefused = (subject: Subject, sample: DeliverySample): Promise<void> =>
  withForger(subject, async ({ nowMs, connector }, forger, take) => {
    const scheme = schemeOf(subject);
    assert.ok(scheme);
    const genuine = signed(forger, sample, nowMs);
    const stranger = signed(another(subject), sample, nowMs);
    const refusals: [string, IncomingRequest][] = [
      ['signed with another key', stranger],
      ['without signature', withoutSignature(genuine, scheme)],
    ];
    if (provesBody(scheme)) {
      refusals.push(['with a changed body', { ...genuine, body: changed(genuine.body) }]);
      refusals.push(['cut short', { ...genuine, body: genuine.body.slice(0, Math.floor(genuine.body.length / 2)) }]);
      refusals.push(['with no body', { ...genuine, body: new Uint8Array() }]);
    }
    const doubled = doubledSignature(genuine, scheme);
    if (doubled) refusals.push(['with a second signature', doubled]);
    for (const [how, request] of refusals) {
      const received = await take(request);
      assert.equal(received.kind === 'refused' && received.status, 401, `a delivery ${how} was answered: ${faultOf(received)}`);
    }
    const large = { ...genuine, body: Buffer.from(`"${'x'.repeat(bodyLimit(connector))}"`) };
    assert.equal(faultOf(await take(large)), '413 TOO_LARGE');
  });

/** Where a member of the body is signed, what is no JSON has none, and no signature can be right. */
const signsMember = (scheme: Verification | undefined): boolean =>
  scheme !== undefined && 'signed' in scheme && scheme.signed.some((part) => typeof part === 'object' && 'field' in part);

const checkUnparseable = (subject: Subject): Promise<void> =>
  withForger(subject, async ({ nowMs }, forger, take) => {
    const scheme = schemeOf(subject);
    if (scheme?.by === undefined || !subject.connector.webhooks?.body.includes('json')) return;
    const unsignable = signsMember(scheme);
    for (const body of ['{"a":', '{"a":1,"a":1}', '['.repeat(5000)]) {
      const signed = forger.sign({ url: HOOK_URL, body: unsignable ? '{}' : body, at: nowMs });
      const fault = faultOf(await take(unsignable ? { ...signed, body: Buffer.from(body) } : signed));
      assert.equal(fault, unsignable ? '401 PART_MISSING' : '400 NOT_PARSEABLE', `the body ${body.slice(0, 20)} was taken`);
    }
  });

const checkWindow = (subject: Subject, sample: DeliverySample, window: string): Promise<void> =>
  withForger(subject, async ({ nowMs }, forger, take) => {
    const request = signed(forger, sample, nowMs);
    const span = durationMs(window);
    assert.equal(faultOf(await take(request, nowMs + span - 1000)), 'delivery', 'within the window');
    assert.equal(faultOf(await take(request, nowMs + span + 1000)), '401 TOO_LATE');
    assert.equal(faultOf(await take(request, nowMs - 24 * 3_600_000)), '401 TOO_EARLY');
  });

/** While a secret is being rotated, both values are good; after it only the new one is. */
const checkRotation = (subject: Subject, sample: DeliverySample): Promise<void> =>
  withForger(subject, async ({ nowMs, secrets }, forger) => {
    const next = another(subject);
    const ring = (forgers: readonly Forger[]) => (name: string) => forgers.flatMap(({ secrets: own }) => own[name] ?? secrets[name] ?? []);
    for (const by of [forger, next]) {
      const received = await receive(subject.connector, signed(by, sample, nowMs), { keys: ring([next, forger]), nowMs });
      assert.equal(faultOf(received), 'delivery');
    }
    const late = await receive(subject.connector, signed(forger, sample, nowMs), { keys: ring([next]), nowMs });
    assert.match(faultOf(late), /^401/);
    const none = await receive(subject.connector, signed(forger, sample, nowMs), { keys: () => [], nowMs });
    assert.match(faultOf(none), /^401 (KEY_MISSING|NO_SCHEME)$/);
  });

const checkHandshake = (subject: Subject, sample: HandshakeSample, isSigned: boolean): Promise<void> =>
  withForger(subject, async ({ nowMs }, forger, take) => {
    const request = forger.sign({
      url: HOOK_URL,
      body: text(sample.body),
      method: sample.method ?? 'POST',
      query: sample.query ?? '',
      headers: [['content-type', sample.contentType ?? 'application/json']],
      at: nowMs,
    });
    const received = await take(request);
    assert.deepEqual(received.kind === 'handshake' && received.body, sample.answer, `answered: ${faultOf(received)}`);
    const scheme = schemeOf(subject);
    if (isSigned && scheme) assert.match(faultOf(await take(withoutSignature(request, scheme))), /^401/);
  });

export function webhookTests(subject: Subject): ContractTest[] {
  const { webhooks } = subject.connector;
  if (!webhooks) return [];
  const [first] = subject.samples.deliveries ?? [];
  const scheme = schemeOf(subject);
  const time = scheme && 'time' in scheme ? scheme.time : undefined;
  const samples = subject.samples.deliveries ?? [];
  return [
    ...samples.map((sample, index) => ({
      name: `a ${sample.topic} is taken and understood (sample ${index + 1})`,
      run: () => checkTaken(subject, sample),
    })),
    ...samples.map((sample, index) => ({
      name: `a forged ${sample.topic} is refused (sample ${index + 1})`,
      run: () => checkRefused(subject, sample),
    })),
    ...(subject.samples.handshakes ?? []).map((sample, index) => ({
      name: `handshake ${index + 1} is answered as declared`,
      run: () => checkHandshake(subject, sample, webhooks.handshakes?.[index]?.signed ?? true),
    })),
    { name: 'a signed body that is no JSON, has doubled members or no end of brackets is refused', run: () => checkUnparseable(subject) },
    ...(first ? [{ name: 'two secrets are good while they are rotated', run: () => checkRotation(subject, first) }] : []),
    ...(first && time
      ? [{ name: 'a delivery outside the time window is refused', run: () => checkWindow(subject, first, time.window) }]
      : []),
  ];
}
