import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { OUTBOX_CHANNEL } from '../../src/domain/connection/outbox-queue.ts';
import { type StartedProcess, startNode } from '../helpers/child-process.ts';
import { activated, marketing, openStage, runThat, type Stage } from './stage.ts';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
let stage: Stage;
let worker: StartedProcess;

const started = () => startNode([main], { ...stage.environment, VALEHUB_ROLES: 'worker' });

async function killed(): Promise<void> {
  worker.kill('SIGKILL');
  expect(await worker.ended).toBe('SIGKILL');
}

beforeAll(async () => {
  stage = await openStage();
}, 60_000);
afterAll(async () => {
  worker.kill('SIGTERM');
  await worker.ended;
  await stage.close();
}, 20_000);

it('a worker killed in the middle, twice, does everything once', async () => {
  const { hub } = stage;
  const { id: customerId } = await hub.customers.upsert(marketing, { email: 'ana@example.com' });
  const { id: campaignId } = await hub.campaigns.create(marketing, {
    name: 'Thanks',
    distribution: 'CUSTOMER',
    incentive: { amountOff: { amount: { minor: 300, currency: 'EUR' } } },
  });
  await hub.campaigns.activate(marketing, campaignId);
  const connectionId = await stage.connection('mail', 'sendgrid');
  const id = await activated(stage, {
    trigger: { on: 'CUSTOM', name: 'visit' },
    steps: [
      { id: 'pause', wait: { duration: 'PT3S' } },
      { id: 'gift', allocate: { campaignId, customer: 'customer.id' } },
      { id: 'tell', deliver: { to: 'customer.email', text: '{{ steps.gift.code }}', channels: [{ connectionId, channel: 'EMAIL' }] } },
      { id: 'last', when: 'steps.tell.status == "COMPLETED"', wait: { duration: 'PT1S' } },
    ],
  });
  worker = started();
  await hub.events.record(marketing, { idempotencyKey: 'visit', name: 'visit', storeId: null, customer: { id: customerId }, data: {} });

  await runThat(stage, id, ({ status }) => status === 'WAITING');
  await runThat(stage, id, ({ steps }) => steps[0]?.detail != null);
  await killed();
  worker = started();

  // The message is in the outbox, and its step waits for the platform's answer.
  const queued = new Promise<void>((resolve) => hub.listener.on(OUTBOX_CHANNEL, () => resolve()));
  await runThat(stage, id, ({ steps }) => steps[2]?.status === 'WAITING');
  await queued;
  await killed();
  worker = started();
  await hub.database.pool.query(
    `with done as (update outbox_job set status = 'DONE', outcome = '{"id": "m1"}', settled_at = now() where connection_id = $1 returning id) select pg_notify('${OUTBOX_CHANNEL}', id) from done`,
    [connectionId],
  );

  const run = await runThat(stage, id, ({ status }) => status !== 'RUNNING' && status !== 'WAITING');
  expect(run.steps.map(({ stepId, status }) => `${stepId} ${status}`)).toEqual([
    'pause COMPLETED',
    'gift COMPLETED',
    'tell COMPLETED',
    'last COMPLETED',
  ]);
  const code = run.steps[1]?.detail?.['code'];
  const { rows: vouchers } = await hub.database.pool.query('select code, customer_id as "customerId" from voucher');
  expect(vouchers).toEqual([{ code, customerId }]);
  const { rows: jobs } = await hub.database.pool.query('select verb, key, input, run_id as "runId" from outbox_job');
  expect(jobs).toEqual([
    {
      verb: 'messages.send',
      key: `${run.id}:tell:0`,
      input: { channel: 'EMAIL', to: 'ana@example.com', text: code },
      runId: run.id,
    },
  ]);
}, 120_000);
