import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import type { WorkflowRunRecord } from '../../src/domain/workflow/workflow.types.ts';
import { activated, marketing, openStage, runThat, type Stage, till } from './stage.ts';

let stage: Stage;
let worker: { stop(): Promise<void> };
let storeId: string;
let customerId: string;
let mail: string;
let chat: string;
let thanks: string;
let codes = 0;
let events = 0;

/** A campaign of the store that is active and has codes. */
async function campaign(name: string, distribution: 'OPEN' | 'CUSTOMER'): Promise<{ id: string; first: string }> {
  const { hub } = stage;
  const { id } = await hub.campaigns.create(marketing, {
    name,
    storeIds: [storeId],
    distribution,
    incentive: { amountOff: { amount: { minor: 300, currency: 'EUR' } } },
  });
  await hub.campaigns.activate(marketing, id);
  codes += 1;
  const batch = await hub.codes.generate(marketing, {
    campaignId: id,
    idempotencyKey: id,
    count: 100,
    sequential: { prefix: `T${codes}`, width: 9 },
  });
  return { id, first: batch.first };
}

const redeemed = async (code: string, key: string) =>
  stage.hub.desk.redeem(till, {
    idempotencyKey: key,
    holdId: null,
    codes: [code],
    tillId: 'T1',
    staffId: null,
    entryMode: 'SCANNED',
    order: {
      externalId: key,
      source: 'api',
      revision: null,
      storeId,
      channel: 'DINE_IN',
      placedAt: null,
      currency: 'EUR',
      pricesIncludeTax: true,
      customer: { id: customerId },
      payments: [],
      lines: [{ id: '1', sku: 'paella', name: null, group: null, brand: null, quantity: '2', unitPrice: 1450, discount: 0, taxRate: null }],
    },
  });

/** What a workflow on `name` starts from. */
async function happens(name: string, data: Record<string, unknown> = {}): Promise<void> {
  events += 1;
  await stage.hub.events.record(marketing, { idempotencyKey: `event ${events}`, name, storeId, customer: { id: customerId }, data });
}
const on = (name: string) => ({ on: 'CUSTOM', name });
const ended = ({ status }: { status: string }) => !['RUNNING', 'WAITING'].includes(status);
const statusOf = (run: WorkflowRunRecord) => run.steps.map(({ stepId, status }) => `${stepId} ${status}`);
const gift = (id: string, campaignId = thanks) => ({ id, allocate: { campaignId, customer: 'customer.id' } });
const pause = (id: string, duration = 'PT1S') => ({ id, wait: { duration } });

beforeAll(async () => {
  stage = await openStage();
  storeId = (await stage.hub.stores.create(marketing, { name: 'Sevilla' })).id;
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
        {
          id: 'where',
          branch: {
            if: 'store.name == "Sevilla"',
            then: [
              {
                id: 'tell',
                deliver: {
                  to: 'customer.email',
                  subject: 'For {{ customer.name }}',
                  text: 'Hola {{ customer.name }}, {{ steps.gift.code }} until {{ steps.gift.voucher.validUntil }}',
                  channels: [
                    { connectionId: mail, channel: 'EMAIL' },
                    { connectionId: chat, channel: 'CHAT' },
                  ],
                },
              },
            ],
            else: [{ id: 'other', wait: { duration: 'P1D' } }],
          },
        },
        {
          id: 'tag',
          call: {
            connectionId: chat,
            action: 'tag',
            input: { code: '{{ steps.gift.code }}', channel: '{{ steps.tell.channel }}', amount: '{{ event.amount.minor }}' },
          },
        },
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
    const { rows: given } = await stage.hub.database.pool.query(
      'select code, status, customer_id as "customerId" from voucher where campaign_id = $1',
      [thanks],
    );
    const gift = run.steps[1]?.detail;
    expect(given).toEqual([{ code: gift?.['code'], status: 'ISSUED', customerId }]);
    expect(stage.sink.messages).toEqual([
      expect.objectContaining({
        connectionId: mail,
        channel: 'EMAIL',
        to: 'ana@example.com',
        subject: 'For Ana',
        text: `Hola Ana, ${gift?.['code']} until ${gift?.['validUntil']}`,
      }),
      expect.objectContaining({ connectionId: chat, channel: 'CHAT', to: 'ana@example.com' }),
    ]);
    expect(run.steps[4]?.detail).toMatchObject({ connectionId: chat, refusals: [{ connectionId: mail, failure: { code: 'BAD_INPUT' } }] });
    expect(stage.sink.actions).toMatchObject([{ action: 'tag', input: { code: gift?.['code'], channel: 'CHAT', amount: 300 } }]);
  }, 30_000);
});

describe('a step that fails', () => {
  const refusedMail = () => ({
    id: 'tell',
    deliver: { to: 'customer.email', text: 'x', channels: [{ connectionId: mail, channel: 'EMAIL' }] },
  });

  it('stops the run, unless it says otherwise', async () => {
    const id = await activated(stage, { trigger: on('stop'), steps: [refusedMail(), pause('after')] });
    await happens('stop');
    const run = await runThat(stage, id, ended);
    expect([run.status, ...statusOf(run)]).toEqual(['FAILED', 'tell FAILED']);
    expect(run.steps[0]?.detail).toMatchObject({
      failure: { code: 'BAD_INPUT', message: 'The address does not exist.' },
      refusals: [{ connectionId: mail }],
    });
  }, 20_000);

  it('lets the run go on with CONTINUE', async () => {
    const id = await activated(stage, {
      trigger: on('continue'),
      steps: [
        { ...refusedMail(), onFailure: 'CONTINUE' },
        { ...pause('after'), when: 'steps.tell.status == "FAILED"' },
      ],
    });
    await happens('continue');
    const run = await runThat(stage, id, ended);
    expect([run.status, ...statusOf(run)]).toEqual(['COMPLETED', 'tell FAILED', 'after COMPLETED']);
  }, 20_000);

  it('takes back what the run allocated with COMPENSATE, newest first', async () => {
    const id = await activated(stage, {
      trigger: on('undo'),
      steps: [gift('one'), gift('two'), { ...refusedMail(), onFailure: 'COMPENSATE' }],
    });
    await happens('undo');
    const run = await runThat(stage, id, ended);
    expect([run.status, ...statusOf(run)]).toEqual(['COMPENSATED', 'one COMPLETED', 'two COMPLETED', 'tell FAILED']);
    for (const { detail } of run.steps.slice(0, 2)) {
      expect(detail).toMatchObject({ undone: true });
      expect((await stage.hub.vouchers.byCode(String(detail?.['code'])))?.status).toBe('CANCELLED');
    }
  }, 20_000);

  it('is tried again for the classes of failure that it names, each time anew', async () => {
    const moody = await stage.connection('moody');
    stage.sink.refusals.set(moody, { settled: 'REFUSED', failure: { code: 'PLATFORM_DOWN', message: 'Out to lunch.' } });
    const text = { to: 'customer.email', text: 'x' };
    const id = await activated(stage, {
      trigger: on('retry'),
      steps: [
        {
          id: 'down',
          retry: { attempts: 3, delay: 'PT1S', backoff: 1 },
          onFailure: 'CONTINUE',
          deliver: { ...text, channels: [{ connectionId: moody }] },
        },
        {
          id: 'no',
          retry: { attempts: 3, delay: 'PT1S' },
          onFailure: 'CONTINUE',
          deliver: { ...text, channels: [{ connectionId: mail }] },
        },
      ],
    });
    await happens('retry');
    const run = await runThat(stage, id, ended);
    const keysOf = (connectionId: string) =>
      stage.sink.messages.filter((job) => job.connectionId === connectionId && job.runId === run.id).map(({ key }) => key);
    expect(keysOf(moody)).toEqual([`${run.id}:down:0`, `${run.id}:down:2:0`, `${run.id}:down:3:0`]);
    expect(keysOf(mail)).toEqual([`${run.id}:no:0`]);
  }, 20_000);

  it('tells of an expression that had no value, and of a voucher that was refused', async () => {
    const full = await campaign('once', 'CUSTOMER');
    await stage.hub.campaigns.pause(marketing, full.id);
    const id = await activated(stage, {
      trigger: on('bad'),
      steps: [
        { ...gift('refused', full.id), onFailure: 'CONTINUE' },
        { id: 'empty', when: 'voucher.code == "x"', wait: { duration: 'PT1S' } },
      ],
    });
    await happens('bad');
    const run = await runThat(stage, id, ended);
    expect([run.status, ...statusOf(run)]).toEqual(['FAILED', 'refused FAILED', 'empty FAILED']);
    expect(run.steps[0]?.detail).toMatchObject({ reason: 'CAMPAIGN_PAUSED', failure: { code: 'REFUSED' } });
    expect(run.steps[1]?.detail).toMatchObject({ failure: { code: 'EXPRESSION', message: expect.stringContaining('line 1, column 9') } });
  }, 20_000);
});

describe('a workflow', () => {
  it('starts for its own events only: by name, by filter, and from its activation on', async () => {
    const { id } = await stage.workflows.create(marketing, {
      name: 'Own',
      trigger: on('mine'),
      filter: 'event.data.score > 5 && store.name == "Sevilla"',
      steps: [pause('p')],
    });
    await happens('mine', { score: 9 });
    await stage.workflows.activate(marketing, id);
    await happens('yours', { score: 9 });
    await happens('mine', { score: 5 });
    await happens('mine', { score: 6 });
    const run = await runThat(stage, id, ended);
    const { edges } = await stage.workflows.runs(id, { first: 10 });
    expect(edges.map(({ node }) => [node.id, node.status])).toEqual([[run.id, 'COMPLETED']]);
  }, 20_000);

  it('is not started by what it did itself', async () => {
    const seed = await campaign('seed', 'CUSTOMER');
    const id = await activated(stage, {
      trigger: { on: 'VOUCHER_ISSUED' },
      filter: `campaign.id in ["${seed.id}", "${thanks}"]`,
      steps: [gift('more')],
    });
    await stage.hub.issuing.issue(marketing, {
      idempotencyKey: 'seed',
      campaignId: seed.id,
      customer: { id: customerId },
      validUntil: null,
    });
    const run = await runThat(stage, id, ended);
    expect(statusOf(run)).toEqual(['more COMPLETED']);
    await stage.hub.issuing.issue(marketing, {
      idempotencyKey: 'seed 2',
      campaignId: seed.id,
      customer: { id: customerId },
      validUntil: null,
    });
    await runThat(stage, id, (other) => other.id !== run.id && ended(other));
    // Between the two stood the voucher that the first run gave.
    expect((await stage.workflows.runs(id, { first: 10 })).edges).toHaveLength(2);
    await stage.workflows.pause(marketing, id);
  }, 20_000);

  it('keeps a run whose filter could not be answered as failed, and reads on', async () => {
    const id = await activated(stage, { trigger: on('unsure'), filter: 'event.data.missing > 5', steps: [pause('p')] });
    await happens('unsure');
    await happens('unsure', { missing: 6 });
    const run = await runThat(stage, id, ({ status }) => status === 'COMPLETED');
    expect(statusOf(run)).toEqual(['p COMPLETED']);
    const { edges } = await stage.workflows.runs(id, { first: 10 });
    expect(edges.map(({ node }) => [node.status, node.steps.length])).toEqual([
      ['COMPLETED', 1],
      ['FAILED', 0],
    ]);
  }, 20_000);

  it('leaves a run on the version that it began with, and takes new entries with the new one', async () => {
    const id = await activated(stage, { trigger: on('version'), steps: [pause('long', 'PT3S'), pause('old')] });
    await happens('version');
    await runThat(stage, id, ({ steps }) => steps.length === 1);
    const changed = await stage.workflows.update(marketing, id, {
      name: 'Newer',
      trigger: on('version'),
      filter: null,
      steps: [pause('new')],
    });
    expect(changed).toMatchObject({ version: 2, status: 'ACTIVE', name: 'Newer' });
    await happens('version');
    const [second, first] = [
      await runThat(stage, id, (run) => run.version === 2 && ended(run)),
      await runThat(stage, id, (run) => run.version === 1 && ended(run)),
    ];
    expect([statusOf(first), statusOf(second)]).toEqual([['long COMPLETED', 'old COMPLETED'], ['new COMPLETED']]);
  }, 20_000);

  it('holds entries back while it is paused, lets runs go on, and starts what was held when it is activated', async () => {
    const id = await activated(stage, { trigger: on('paused'), steps: [pause('p')] });
    await happens('paused');
    await runThat(stage, id, ({ steps }) => steps.length === 1);
    await stage.workflows.pause(marketing, id);
    await happens('paused');
    const first = await runThat(stage, id, ended);
    const held = await runThat(stage, id, (run) => run.id !== first.id);
    expect(held).toMatchObject({ status: 'WAITING', steps: [] });
    await stage.workflows.activate(marketing, id);
    const second = await runThat(stage, id, (run) => run.id === held.id && ended(run));
    expect(statusOf(second)).toEqual(['p COMPLETED']);
  }, 20_000);

  it('waits until a time of its store', async () => {
    const id = await activated(stage, {
      trigger: on('until'),
      steps: [{ id: 'evening', wait: { until: { time: '19:00', weekday: 'FRI' } } }],
    });
    await happens('until');
    const run = await runThat(stage, id, ({ steps }) => steps[0]?.detail !== null && steps.length === 1);
    const until = new Date(String(run.steps[0]?.detail?.['until']));
    expect(run).toMatchObject({ status: 'WAITING', steps: [{ stepId: 'evening', status: 'WAITING' }] });
    expect(
      new Intl.DateTimeFormat('en', {
        timeZone: 'Europe/Madrid',
        weekday: 'short',
        hour: '2-digit',
        minute: '2-digit',
        hour12: false,
      }).format(until),
    ).toBe('Fri 19:00');
  }, 20_000);
});

describe('a run', () => {
  it('goes on elsewhere when its worker is stopped while a platform takes its time', async () => {
    const gate = Promise.withResolvers<void>();
    stage.sink.gate = gate.promise;
    const id = await activated(stage, {
      trigger: on('slow'),
      steps: [{ id: 'tell', deliver: { to: 'customer.email', text: 'slow', channels: [{ connectionId: chat }] } }],
    });
    await happens('slow');
    await runThat(stage, id, ({ steps }) => steps[0]?.status === 'WAITING');
    await worker.stop();
    worker = stage.startWorker();
    gate.resolve();
    const run = await runThat(stage, id, ended);
    expect(statusOf(run)).toEqual(['tell COMPLETED']);
    expect(stage.sink.messages.filter(({ runId }) => runId === run.id)).toHaveLength(1);
  }, 40_000);

  it('that is cancelled in Temporal says so', async () => {
    const id = await activated(stage, { trigger: on('cancel'), steps: [pause('long', 'P1D')] });
    await happens('cancel');
    const { id: runId } = await runThat(stage, id, ({ steps }) => steps[0]?.detail != null);
    const connection = await Connection.connect({ address: stage.temporal.address });
    await new Client({ connection }).workflow.getHandle(runId).cancel();
    expect((await runThat(stage, id, ended)).status).toBe('CANCELLED');
    await connection.close();
  }, 20_000);
});
