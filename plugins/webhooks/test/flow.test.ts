import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Plain } from '@valehub/connector-kit';
import {
  createCtx,
  createTransport,
  forgerFor,
  type HubDoor,
  parseSettings,
  runNamedVerb,
  startHubDoor,
} from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { eur, order } from './samples.ts';
import { newSecret, type Receiver, type ReceiverOptions, startReceiver } from './stand-in.ts';

let clock = Date.parse('2026-03-06T20:00:00Z');
const now = () => clock;
let hub: HubDoor;
let system: Receiver;
let secrets: Record<string, string> = {};
const transport = createTransport({ allowPrivateHosts: true });

function ctx(more: Readonly<Record<string, Plain>> = {}, deadlineMs = 20_000) {
  const result = parseSettings(connector, { ...system.settings, ...more });
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return createCtx({ connector, ...result.parsed, store: () => undefined, transport, now, deadlineMs });
}
const push = async (key: string, of = ctx()) => {
  const input = { id: key, type: 'VOUCHER_ISSUED', at: '2026-03-06T20:00:00.000Z', data: {} };
  return (await runNamedVerb(connector, of, 'events.push', [{ id: 'j', key, input }], undefined)).outcomes?.[0];
};

async function start(options: ReceiverOptions = {}): Promise<void> {
  await system?.close();
  system = await startReceiver({ now, hub: hub.address, ...options });
  secrets['incomingSecret'] = String(system.settings['incomingSecret']);
}
beforeEach(async () => {
  secrets = {};
  hub = await startHubDoor({ connector, secrets, ctx: () => ctx() });
  await start();
});
afterEach(async () => {
  await system.close();
  await hub.close();
});

describe('a system in the house', () => {
  test('pushes its orders to the hub, each in the state that it has there', async () => {
    const [line] = order.lines;
    const lines = [{ ...line, discount: eur(0) }];
    expect(await system.addOrder({ externalId: 'o-1', lines })).toBe(200);
    expect(await system.addOrder({ externalId: 'o-2', lines, texts: ['DV-4711'] })).toBe(200);
    expect(
      await system.refund('o-1', {
        externalId: 'r-1',
        amount: eur(1250),
        at: '2026-03-06T21:00:00Z',
        lines: [{ lineId: '1', quantity: '1' }],
      }),
    ).toBe(200);
    expect(await system.voidOrder('o-2')).toBe(200);
    const last = new Map(hub.facts.flatMap((fact) => (fact.kind === 'order' ? [[fact.order.externalId, fact.order] as const] : [])));
    for (const [id, there] of system.orders) expect(last.get(id)).toMatchObject(there);
    expect(last.get('o-1')?.refunds).toHaveLength(1);
    expect(last.get('o-2')?.state).toBe('VOIDED');
    expect(await system.deleteOrder('o-2')).toBe(200);
    expect(hub.facts.at(-1)).toMatchObject({ kind: 'gone', resource: 'order', id: 'o-2' });
    const revisions = hub.facts.map((fact) =>
      JSON.stringify(fact.kind === 'order' ? fact.order.revision : fact.kind === 'gone' && fact.revision),
    );
    expect(revisions).toEqual(revisions.toSorted());
    expect(new Set(revisions).size).toBe(revisions.length);
  });

  test('that repeats an event is heard once, and one that lies is not heard', async () => {
    for (let times = 0; times < 3; times += 1) expect(await system.send('custom.a.b', { n: 1 }, { id: 'msg_x' })).toBe(200);
    expect(hub.facts).toHaveLength(1);
    expect(await system.send('custom.a.b', { n: 1 }, { with: forgerFor(connector) })).toBe(401);
    expect(await system.send('order.paid', { externalId: 'o-9' })).toBe(400);
    expect(hub.faults).toEqual([expect.stringMatching(/signature is wrong/), expect.stringMatching(/order\.paid .* data\./)]);
    expect(hub.facts).toHaveLength(1);
  });

  test('sends the hub’s message and reports on it', async () => {
    const input = { channel: 'SMS', to: '+34600000000', text: 'DV-4711' };
    await runNamedVerb(connector, ctx(), 'messages.send', [{ id: 'j', key: 'run-1 step-2', input }], undefined);
    expect(system.received).toMatchObject([{ type: 'message.requested', data: { id: 'run-1 step-2', to: '+34600000000' } }]);
    await system.report(String(system.received[0]?.data['id']), 'DELIVERED');
    expect(hub.facts).toMatchObject([{ kind: 'messageStatus', job: 'run-1 step-2', state: 'DELIVERED' }]);
  });
});

describe('the receiver', () => {
  test('gets an event once, however often its answer is lost', async () => {
    system.platform.failNext('LATE', 'CUT');
    expect(await push('evt-1')).toMatchObject({ failed: { code: 'PLATFORM_DOWN', unknown: true } });
    expect(await push('evt-1')).toMatchObject({ failed: { code: 'PLATFORM_DOWN' } });
    clock += 60_000;
    expect(await push('evt-1')).toMatchObject({ done: { id: 'event_evt-1' } });
    expect(system.received).toHaveLength(1);
    expect(system.repeats()).toBe(1);
  });

  test('changes its secret without losing an event', async () => {
    const next = newSecret();
    const old = String(system.settings['signingSecret']);
    expect(await push('evt-1')).toMatchObject({ done: {} });
    // The hub signs with both, the receiver still knows the old one only; then both; then the new one only.
    const both = { signingSecret: next, previousSigningSecret: old };
    expect(await push('evt-2', ctx(both))).toMatchObject({ done: {} });
    system.learn(next);
    expect(await push('evt-3', ctx(both))).toMatchObject({ done: {} });
    system.learn(next, true);
    expect(await push('evt-4', ctx(both))).toMatchObject({ done: {} });
    expect(await push('evt-5', ctx({ signingSecret: next }))).toMatchObject({ done: {} });
    expect(system.refused()).toBe(0);
    expect(await push('evt-6')).toMatchObject({
      failed: { code: 'BAD_CREDENTIALS', message: 'The receiver answered 401: the signature is wrong.' },
    });
  });

  test('that is gone is told to the operator, one in a hurry waits', async () => {
    await start({ perSecond: 1 });
    expect(await push('evt-1')).toMatchObject({ done: {} });
    expect(await push('evt-2')).toMatchObject({ failed: { code: 'RATE_LIMITED', wait: 'PT1S' } });
    clock += 1_000;
    expect(await push('evt-2')).toMatchObject({ done: {} });
    await start();
    system.retire();
    expect(await push('evt-3')).toMatchObject({ failed: { code: 'TARGET_GONE' } });
  });

  test.each([
    ['no answer', 'HANG', 'TIMEOUT'],
    ['a server that is away', { status: 502, body: '<html></html>' }, 'PLATFORM_DOWN'],
    ['a gateway that gave up', { status: 504 }, 'TIMEOUT'],
    ['a redirect', { status: 308, headers: { location: 'https://evil.example/' } }, 'TARGET_GONE'],
  ] as const)('with %s is told for what it is', async (_what, fault, code) => {
    system.platform.failNext(fault);
    expect(await push('evt-1', ctx({}, fault === 'HANG' ? 100 : 20_000))).toMatchObject({ failed: { code } });
    expect(await push('evt-1')).toMatchObject({ done: {} });
    expect(system.received).toHaveLength(1);
  });
});
