import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Actor } from '../../src/domain/access/roles.ts';
import type { CampaignRecord } from '../../src/domain/campaign/campaign.types.ts';
import type { Hub } from '../../src/domain/hub.ts';
import type { CustomerRef } from '../../src/domain/redemption/redemption.types.ts';
import type { StoreTerms } from '../../src/domain/store/store.types.ts';
import type { IssueAnswer } from '../../src/domain/voucher/issuing.types.ts';
import { closeAgreed } from '../helpers/agree.ts';
import { actor, eventually } from '../helpers/basics.ts';
import {
  ADMIN,
  aCampaign,
  amount,
  anOrder,
  aStore,
  codesOf,
  limit,
  openTestHub,
  reasonsOf,
  redeem,
  reverse,
  rowsOf,
  type TestHub,
  theRedemption,
} from '../helpers/domain.ts';

jest.setTimeout(60_000);

const NOW = '2026-05-04T18:00:00.000Z';

let t: TestHub;
let hub: Hub;
let store: StoreTerms;

beforeAll(async () => {
  t = await openTestHub();
  hub = t.hub;
  store = await aStore(hub);
});
beforeEach(() => t.clock.set(NOW));
afterAll(() => closeAgreed(t));

const personal = (over: Parameters<typeof aCampaign>[1] = {}): Promise<CampaignRecord> =>
  aCampaign(hub, { name: 'Regalo', incentive: amount(300), distribution: 'CUSTOMER', ...over });

interface Asked {
  readonly customer?: CustomerRef;
  readonly key?: string;
  readonly as?: Actor;
  readonly validFrom?: string | null;
  readonly validUntil?: string | null;
  readonly on?: Hub;
}
const issue = (
  campaignId: string,
  { customer = { phone: '+34600444555' }, key = randomUUID(), as = ADMIN, validFrom = null, validUntil = null, on = hub }: Asked = {},
) => on.issuing.issue(as, { idempotencyKey: key, campaignId, customer, validFrom, validUntil });

function issued(answer: IssueAnswer): string {
  if (answer.kind !== 'issued') throw new Error(`Refused: ${answer.rejections.map(({ reason }) => reason).join(', ')}`);
  return hub.codes.codeAt(answer);
}
const refusals = (answer: IssueAnswer): string[] => (answer.kind === 'refused' ? answer.rejections.map(({ reason }) => reason) : []);

describe('issuing a voucher', () => {
  test('gives the next code that nobody has, which then may be used', async () => {
    const campaign = await personal();
    const codes = await codesOf(hub, campaign.id, 3);
    expect(reasonsOf(await redeem(hub, { codes: [codes[0] ?? ''], order: anOrder(store.id) }))).toEqual(['NOT_ISSUED']);
    const code = issued(await issue(campaign.id));
    expect(code).toBe(codes[0]);
    const customer = await hub.customers.find({ phone: '+34600444555' });
    expect(await hub.vouchers.byCode(code)).toMatchObject({ shown: 'ISSUED', customerId: customer?.id });
    expect((await hub.campaigns.counts([campaign.id]))[0]).toMatchObject({ codes: 3, issued: 1, redeemed: 0 });
    const other = anOrder(store.id, { customer: { phone: '+34600444556' } });
    expect(reasonsOf(await redeem(hub, { codes: [code], order: other }))).toEqual(['OTHER_CUSTOMER']);
    expect(theRedemption(await redeem(hub, { codes: [code], order: anOrder(store.id) })).amount).toBe(300);
  });

  test('under the same key is the same voucher, and under it nothing else', async () => {
    const campaign = await personal();
    await codesOf(hub, campaign.id, 5);
    const first = await issue(campaign.id, { key: 'issue-1' });
    expect(await issue(campaign.id, { key: 'issue-1' })).toEqual({ ...first, replayed: true });
    expect(refusals(await issue(campaign.id, { key: 'issue-1', customer: { phone: '+34600444557' } }))).toEqual(['IDEMPOTENCY_KEY_REUSED']);
    expect((await hub.campaigns.counts([campaign.id]))[0]).toMatchObject({ issued: 1 });
  });

  test('to many at once, in two processes, gives each their own, and one key one', async () => {
    const campaign = await personal();
    const codes = await codesOf(hub, campaign.id, 60);
    const other = await t.twin();
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, n) => issue(campaign.id, { key: `many-${Math.floor(n / 2)}`, on: n % 2 === 0 ? hub : other })),
    );
    const given = answers.map(issued);
    expect([...new Set(given)].sort()).toEqual(codes.slice(0, 30).sort());
    expect(answers.filter((answer) => !answer.replayed)).toHaveLength(30);
  });

  test('goes on in the pattern of the campaign where its codes are all given', async () => {
    const campaign = await personal();
    const [only = ''] = await codesOf(hub, campaign.id, 1);
    expect(issued(await issue(campaign.id))).toBe(only);
    const made = issued(await issue(campaign.id));
    expect(made).toMatch(/^DV\d{13}$/);
    expect(theRedemption(await redeem(hub, { codes: [made], order: anOrder(store.id) })).amount).toBe(300);
  });

  test('passes over a code that somebody used without its being given', async () => {
    const campaign = await aCampaign(hub, { incentive: amount(300) });
    const [first = '', second = ''] = await codesOf(hub, campaign.id, 2);
    theRedemption(await redeem(hub, { codes: [first], order: anOrder(store.id) }));
    expect(issued(await issue(campaign.id))).toBe(second);
  });

  test('is bounded by limits on what is issued, also for many at once', async () => {
    const campaign = await personal({ limits: [limit('CAMPAIGN', 7, { counts: 'ISSUED' }), limit('CUSTOMER', 2, { counts: 'ISSUED' })] });
    await codesOf(hub, campaign.id, 50);
    const one = { phone: '+34600444001' };
    for (const _ of [1, 2]) issued(await issue(campaign.id, { customer: one }));
    expect(refusals(await issue(campaign.id, { customer: one }))).toEqual(['LIMIT_CUSTOMER']);
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => issue(campaign.id, { customer: { phone: `+3460044410${n % 10}` } })),
    );
    const done = answers.flatMap((answer) => (answer.status === 'fulfilled' && answer.value.kind === 'issued' ? [answer.value] : []));
    expect(done).toHaveLength(5);
    expect((await hub.campaigns.counts([campaign.id]))[0]).toMatchObject({ issued: 7 });
  });

  test('at a limit that nobody touched yet is decided one after the other in two processes, and nobody hears of a conflict', async () => {
    const other = await t.twin();
    for (let round = 0; round < 4; round += 1) {
      const campaign = await personal({ limits: [limit('CAMPAIGN', 3, { counts: 'ISSUED' })] });
      await codesOf(hub, campaign.id, 10);
      await other.campaigns.refresh([campaign.id]);
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, n) => issue(campaign.id, { customer: { phone: `+3460044420${n}` }, on: n % 2 === 0 ? hub : other })),
      );
      expect(answers.flatMap(refusals)).toEqual(Array.from({ length: 5 }, () => 'LIMIT_CAMPAIGN'));
    }
  });

  test('keeps the version of the terms under which it was given', async () => {
    const campaign = await personal();
    await codesOf(hub, campaign.id, 1);
    const code = issued(await issue(campaign.id));
    expect(await rowsOf(hub, 'select terms_version as version from voucher where code = $1', [code])).toEqual([
      { version: campaign.version },
    ]);
  });

  test('may give a voucher its own beginning, before its end', async () => {
    const campaign = await personal();
    await codesOf(hub, campaign.id, 1);
    const until = '2026-05-06T18:00:00.000Z';
    await expect(issue(campaign.id, { validFrom: until, validUntil: until })).rejects.toMatchObject({
      faults: [{ path: 'input.validFrom' }],
    });
    const ask = { key: 'begins', validFrom: '2026-05-05T18:00:00.000Z', validUntil: until };
    const code = issued(await issue(campaign.id, ask));
    expect(refusals(await issue(campaign.id, { ...ask, validFrom: null }))).toEqual(['IDEMPOTENCY_KEY_REUSED']);
    expect(await hub.vouchers.byCode(code)).toMatchObject({ shown: 'ISSUED', validFrom: Date.parse(ask.validFrom) });
    t.clock.set('2026-05-05T17:59:59.999Z');
    expect(reasonsOf(await redeem(hub, { codes: [code], order: anOrder(store.id) }))).toEqual(['VOUCHER_NOT_STARTED']);
    t.clock.set(ask.validFrom);
    expect(theRedemption(await redeem(hub, { codes: [code], order: anOrder(store.id) })).amount).toBe(300);
  });

  test('may give a voucher its own end, which the clock brings about', async () => {
    const campaign = await personal();
    await codesOf(hub, campaign.id, 2);
    const code = issued(await issue(campaign.id, { validUntil: '2026-05-05T18:00:00.000Z' }));
    t.clock.set('2026-05-05T17:59:59.999Z');
    const { id } = theRedemption(await redeem(hub, { codes: [code], order: anOrder(store.id) }));
    await reverse(hub, { redemptionId: id });
    t.clock.set('2026-05-05T18:00:00.000Z');
    expect(reasonsOf(await redeem(hub, { codes: [code], order: anOrder(store.id) }))).toEqual(['VOUCHER_EXPIRED']);
    // An order that was placed in time still counts.
    await eventually(async () =>
      expect(await rowsOf(hub, "select type from ledger_event where code = $1 and type = 'VOUCHER_EXPIRED'", [code])).toHaveLength(1),
    );
    expect((await hub.vouchers.byCode(code))?.shown).toBe('EXPIRED');
  });

  test('is refused while the campaign is paused, and is a fault of a main one', async () => {
    const campaign = await personal();
    await hub.campaigns.pause(ADMIN, campaign.id);
    expect(refusals(await issue(campaign.id))).toEqual(['CAMPAIGN_PAUSED']);
    const main = await aCampaign(hub, { incentive: null });
    await expect(issue(main.id)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(issue('cmp_none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(refusals(await issue((await personal()).id, { customer: { id: 'cus_none' } }))).toEqual(['CUSTOMER_UNKNOWN']);
  });

  test('by a till is for campaigns of its stores that are given to customers', async () => {
    const till = actor('TILL', [store.id]);
    const here = await personal({ storeIds: [store.id] });
    await codesOf(hub, here.id, 1);
    issued(await issue(here.id, { as: till }));
    const elsewhere = await personal({ storeIds: [(await aStore(hub, { name: 'Granada' })).id] });
    await expect(issue(elsewhere.id, { as: till })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(issue((await aCampaign(hub)).id, { as: till })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
