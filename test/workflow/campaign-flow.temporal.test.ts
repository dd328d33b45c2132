import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { activated, marketing, openStage, runThat, type Stage, till } from './stage.ts';

let stage: Stage;
let worker: { stop(): Promise<void> };
let storeId: string;
let customerId: string;
let mail: string;
let chat: string;
let thanks: string;
let codes = 0;

/** A campaign of the store that is active and has codes. */
async function campaign(name: string, distribution: 'OPEN' | 'CUSTOMER'): Promise<{ id: string; first: string }> {
  const { hub } = stage;
  const { id } = await hub.campaigns.create({ name, storeIds: [storeId], distribution, incentive: { amountOff: { amount: { minor: 300, currency: 'EUR' } } } });
  await hub.campaigns.activate(marketing, id);
  codes += 1;
  const batch = await hub.codes.generate(marketing, { campaignId: id, idempotencyKey: id, count: 100, sequential: { prefix: `T${codes}`, width: 9 } });
  return { id, first: batch.first };
}

const redeemed = async (code: string, key: string) =>
  stage.hub.desk.redeem(till, {
    idempotencyKey: key, holdId: null, codes: [code], tillId: 'T1', staffId: null, entryMode: 'SCANNED',
    order: {
      externalId: key, source: 'api', revision: null, storeId, channel: 'DINE_IN', placedAt: null, currency: 'EUR', pricesIncludeTax: true, customer: { id: customerId }, payments: [],
      lines: [{ id: '1', sku: 'paella', name: null, group: null, brand: null, quantity: '2', unitPrice: 1450, discount: 0, taxRate: null }],
    },
  });

beforeAll(async () => {
  stage = await openStage();
  storeId = (await stage.hub.stores.create({ name: 'Sevilla' })).id;
  customerId = (await stage.hub.customers.upsert(marketing, { email: 'ana@example.com', name: 'Ana', groups: ['vip'] })).id;
  [mail, chat, thanks] = [await stage.connection('mail'), await stage.connection('chat'), (await campaign('thanks', 'CUSTOMER')).id];
  worker = stage.startWorker();
}, 60_000);
afterAll(async () => {
  await worker.stop();
  await stage.close();
});

describe('a workflow on a redemption', () => {
  it('waits, allocates the next voucher, and where the e-mail is refused falls to the next channel', async () => {
    const summer = await campaign('summer', 'OPEN');
    stage.sink.refusals.set(mail, { settled: 'REFUSED', failure: { code: 'BAD_INPUT', message: 'The address does not exist.' } });
    const id = await activated(stage, {
      trigger: { on: 'VOUCHER_REDEEMED' },
      filter: `campaign.id == "${summer.id}" && event.amount.minor == 300 && customer != null && "vip" in customer.groups && order.priced.due.minor == 2600`,
      steps: [
        { id: 'pause', wait: { duration: 'PT1S' } },
        { id: 'gift', allocate: { campaignId: thanks, customer: 'customer.id', validFor: 'P30D' } },
        { id: 'never', when: 'steps.gift == null', wait: { duration: 'P1D' } },
        { id: 'where', branch: { if: 'store.name == "Sevilla"', then: [
          { id: 'tell', deliver: { to: 'customer.email', subject: 'For {{ customer.name }}', text: 'Hola {{ customer.name }}, {{ steps.gift.code }} until {{ steps.gift.voucher.validUntil }}', channels: [{ connectionId: mail, channel: 'EMAIL' }, { connectionId: chat, channel: 'CHAT' }] } },
        ], else: [{ id: 'other', wait: { duration: 'P1D' } }] } },
        { id: 'tag', call: { connectionId: chat, action: 'tag', input: { code: '{{ steps.gift.code }}', channel: '{{ steps.tell.channel }}', amount: '{{ event.amount.minor }}' } } },
      ],
    });
    expect(await redeemed(summer.first, 'dinner')).toMatchObject({ kind: 'redeemed' });

    const run = await runThat(stage, id, ({ status }) => status === 'COMPLETED' || status === 'FAILED');
    expect(run.steps.map(({ stepId, kind, status }) => [stepId, kind, status])).toEqual([
      ['pause', 'wait', 'COMPLETED'],
      ['gift', 'allocate', 'COMPLETED'],
      ['never', 'wait', 'SKIPPED'],
      ['where', 'branch', 'COMPLETED'],
      ['tell', 'deliver', 'COMPLETED'],
      ['tag', 'call', 'COMPLETED'],
    ]);
    expect(run.status).toBe('COMPLETED');
    const { rows: given } = await stage.hub.database.pool.query('select code, status, customer_id as "customerId" from voucher where campaign_id = $1', [thanks]);
    const gift = run.steps[1]?.detail;
    expect(given).toEqual([{ code: gift?.['code'], status: 'ISSUED', customerId }]);
    expect(stage.sink.messages).toEqual([
      expect.objectContaining({ connectionId: mail, channel: 'EMAIL', to: 'ana@example.com', subject: 'For Ana', text: `Hola Ana, ${gift?.['code']} until ${gift?.['validUntil']}` }),
      expect.objectContaining({ connectionId: chat, channel: 'CHAT', to: 'ana@example.com' }),
    ]);
    expect(run.steps[4]?.detail).toMatchObject({ connectionId: chat, refusals: [{ connectionId: mail, failure: { code: 'BAD_INPUT' } }] });
    expect(stage.sink.actions).toMatchObject([{ action: 'tag', input: { code: gift?.['code'], channel: 'CHAT', amount: 300 } }]);
  }, 30_000);
});
