import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Feed } from '@valehub/connector-kit';
import { loadConnectors } from '../../src/connectors/registry/registry.ts';
import { madeUp, WITH_ROLES } from '../connectors/support/made-up.ts';
import { oauthed } from '../connectors/support/made-up-oauth.ts';
import { eventually, silent } from '../helpers/basics.ts';
import { startTestHub, type TestHub } from '../helpers/hub.ts';
import { createStore, generateCodes, order, type Stage, setStage } from './stage.ts';

/** So that there is something of the past to be read. */
const THINGS: Feed = { by: 'cursor', every: 'PT1H', gives: ['customer'], first: () => '0', read: () => ({ facts: [], more: false }) };

let hub: TestHub;
let stage: Stage;
let admin: string;
let next = 0;

beforeAll(async () => {
  const connectors = new Map(
    [madeUp({ ...WITH_ROLES, feeds: { things: THINGS } }), choosing(), oauthed()].map((connector) => [connector.id, connector]),
  );
  const registry = await loadConnectors({
    builtIn: [],
    further: [...connectors.keys()],
    log: silent,
    load: async (name) => ({ value: connectors.get(name), version: '0.0.1' }),
  });
  hub = await startTestHub({ registry });
  stage = await setStage(hub);
  admin = (await hub.hub.keys.list()).find(({ name }) => name === 'admin.key')?.id as string;
});
afterAll(async () => {
  await hub.stop();
});

const key = () => `key ${++next}`;
const freeCode = (): string => stage.codes[next++] as string;
const FIELDS = 'id at actorId actorName operation subjectId before after actor { id name }';

interface Line {
  readonly id: string;
  readonly at: string;
  readonly actorId: string;
  readonly actorName: string;
  readonly operation: string;
  readonly subjectId: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: each mutation has its own.
  readonly before: any;
  // biome-ignore lint/suspicious/noExplicitAny: each mutation has its own.
  readonly after: any;
  readonly actor: { readonly id: string } | null;
}

async function lines(filter: Readonly<Record<string, unknown>> = {}, asking = {}): Promise<Line[]> {
  const { auditLines } = await hub.ask(
    `query ($filter: AuditFilter) { auditLines(filter: $filter, first: 1000) { edges { node { ${FIELDS} } } } }`,
    { filter },
    asking,
  );
  return auditLines.edges.map(({ node }: { node: Line }) => node);
}

const newest = async (operation: string): Promise<Line> => (await lines({ operations: [operation] }))[0] as Line;
const ask = (text: string, variables: Readonly<Record<string, unknown>> = {}) => hub.ask(text, variables);

async function campaign(): Promise<string> {
  const { createCampaign } = await ask(
    'mutation { createCampaign(input: { name: "Draft", incentive: { percentOff: { percent: "5" } } }) { id } }',
  );
  return createCampaign.id;
}

async function voucherId(): Promise<string> {
  return (await ask('query ($code: String!) { voucher(code: $code) { id } }', { code: freeCode() })).voucher.id;
}

async function held(): Promise<string> {
  const { hold } = await ask('mutation ($input: HoldInput!) { hold(input: $input) { ... on Held { hold { id } } } }', {
    input: { idempotencyKey: key(), codes: [freeCode()], order: order(stage.storeId) },
  });
  return hold.hold.id;
}

async function redeemed(): Promise<string> {
  const { redeem } = await ask('mutation ($input: RedeemInput!) { redeem(input: $input) { ... on Redeemed { redemptions { id } } } }', {
    input: { idempotencyKey: key(), codes: [freeCode()], order: order(stage.storeId) },
  });
  return redeem.redemptions[0].id;
}

async function segment(): Promise<string> {
  return (await ask('mutation { createSegment(input: { name: "Regulars", customerIds: [] }) { id } }')).createSegment.id;
}

async function somebody(): Promise<string> {
  return (await ask('mutation { upsertCustomer(input: { phone: "+34600555666" }) { id } }')).upsertCustomer.id;
}

async function apiKey(): Promise<string> {
  const { createApiKey } = await ask('mutation { createApiKey(input: { name: "Desk", role: MARKETING }) { apiKey { id } } }');
  return createApiKey.apiKey.id;
}

/** Its credentials open two accounts. */
const choosing = () =>
  madeUp({
    id: 'choosing',
    identify: () => ({
      choose: [
        { account: 'A-1', name: 'One' },
        { account: 'A-2', name: 'Two' },
      ],
    }),
  });

async function connection(connectorId = 'made-up', settings: object = { apiKey: 'top secret' }): Promise<string> {
  const { connect } = await ask('mutation ($input: ConnectInput!) { connect(input: $input) { id } }', {
    input: { connectorId, name: 'Acme', settings },
  });
  return connect.id;
}

const APP = { clientId: 'client-1', clientSecret: 'top secret of the app', signingKey: 'top signing key' };

async function app(): Promise<string> {
  const { createApp } = await ask('mutation ($input: CreateAppInput!) { createApp(input: $input) { id } }', {
    input: { connectorId: 'made-up-oauth', name: 'Our app', settings: APP },
  });
  return createApp.id;
}

async function backfill(connectionId: string): Promise<string> {
  const input = { connectionId, from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' };
  return (await ask('mutation ($input: StartBackfillInput!) { startBackfill(input: $input) { id } }', { input })).startBackfill.id;
}

async function forwarding(): Promise<string> {
  const { createForwarding } = await ask('mutation ($input: CreateForwardingInput!) { createForwarding(input: $input) { id } }', {
    input: { connectionId: await connection(), verb: 'alerts.send', events: ['VOUCHER_REJECTED'] },
  });
  return createForwarding.id;
}

async function parkedJob(): Promise<string> {
  const id = `job_${randomUUID().replaceAll('-', '')}`;
  await hub.hub.database.pool.query(
    `insert into outbox_job (id, connection_id, verb, key, input, status, next_at, created_at, updated_at) values ($1, $2, 'actions.safe', $1, '{}', 'PARKED', now(), now(), now())`,
    [id, await connection()],
  );
  return id;
}

async function onCheck(): Promise<string> {
  const { connect } = await ask('mutation ($input: ConnectInput!) { connect(input: $input) { id } }', {
    input: { connectorId: 'made-up', name: 'Till', storeId: stage.storeId, settings: { apiKey: 'top secret' } },
  });
  const { applyVoucher } = await ask(
    'mutation ($input: ApplyVoucherInput!) { applyVoucher(input: $input) { ... on AppliedVoucher { id } } }',
    {
      input: { connectionId: connect.id, orderExternalId: 'C-1', code: stage.codes.at(-1) },
    },
  );
  return applyVoucher.id;
}

let published = { campaignId: '', connectionId: '' };
async function publication(): Promise<string> {
  published = { campaignId: stage.campaignId, connectionId: await connection() };
  const { publishCampaign } = await ask(
    'mutation ($a: ID!, $b: ID!) { publishCampaign(campaignId: $a, connectionId: $b, onLoss: GO_ON) { id } }',
    {
      a: published.campaignId,
      b: published.connectionId,
    },
  );
  return publishCampaign.id;
}

const WORKFLOW = { name: 'Greet', trigger: { on: 'CUSTOM', name: 'hello' }, steps: [{ id: 'a', wait: { duration: 'PT1H' } }] };

async function workflow(): Promise<string> {
  return (await ask('mutation ($input: WorkflowInput!) { createWorkflow(input: $input) { id } }', { input: WORKFLOW })).createWorkflow.id;
}

/** Each mutation done once: what its line says besides. */
const DEEDS: Readonly<Record<string, () => Promise<Partial<Record<'subjectId' | 'before' | 'after', unknown>>>>> = {
  createStore: async () => ({
    subjectId: await createStore(hub, { name: 'Macarena' }),
    before: null,
    after: { name: 'Macarena', currency: 'EUR' },
  }),
  updateStore: async () => {
    const id = await createStore(hub, { name: 'Old' });
    await ask('mutation ($id: ID!) { updateStore(id: $id, input: { name: "New", language: "es" }) { id } }', { id });
    return { subjectId: id, before: { name: 'Old' }, after: { name: 'New' } };
  },
  upsertCustomer: async () => {
    const upsert = 'mutation ($input: CustomerInput!) { upsertCustomer(input: $input) { id } }';
    const { upsertCustomer } = await ask(upsert, { input: { email: 'ana@example.com', name: 'Ana' } });
    await ask(upsert, { input: { email: 'ana@example.com', name: 'Ana María', phone: '+34600111222' } });
    return { subjectId: upsertCustomer.id, before: { name: 'given', phone: null }, after: { name: 'changed', phone: 'given' } };
  },
  createCampaign: async () => ({ subjectId: await campaign(), before: null, after: { name: 'Draft', status: 'DRAFT' } }),
  activateCampaign: async () => {
    const id = await campaign();
    await ask('mutation ($id: ID!) { activateCampaign(id: $id) { id } }', { id });
    return { subjectId: id, before: { status: 'DRAFT' }, after: { status: 'ACTIVE' } };
  },
  pauseCampaign: async () => {
    const id = await campaign();
    await ask('mutation ($id: ID!) { activateCampaign(id: $id) { id } pauseCampaign(id: $id) { id } }', { id });
    return { subjectId: id, before: { status: 'ACTIVE' }, after: { status: 'PAUSED' } };
  },
  endCampaign: async () => {
    const id = await campaign();
    await ask('mutation ($id: ID!) { activateCampaign(id: $id) { id } endCampaign(id: $id) { id } }', { id });
    return { subjectId: id, before: { status: 'ACTIVE' }, after: { status: 'ENDED' } };
  },
  updateCampaign: async () => {
    const id = await campaign();
    await ask('mutation ($id: ID!) { updateCampaign(id: $id, input: { name: "Renamed" }) { id } }', { id });
    return { subjectId: id, before: { name: 'Draft' }, after: { name: 'Renamed' } };
  },
  archiveCampaign: async () => {
    const id = await campaign();
    await ask('mutation ($id: ID!) { archiveCampaign(id: $id) { id } }', { id });
    return { subjectId: id, before: { status: 'DRAFT' }, after: { status: 'ARCHIVED' } };
  },
  cloneCampaign: async () => {
    const text = 'mutation ($id: ID!) { cloneCampaign(id: $id, input: { name: "Copy" }) { id } }';
    const { cloneCampaign } = await ask(text, { id: await campaign() });
    return { subjectId: cloneCampaign.id, before: null, after: { name: 'Copy', status: 'DRAFT' } };
  },
  createSegment: async () => ({ subjectId: await segment(), before: null, after: { name: 'Regulars' } }),
  updateSegment: async () => {
    const id = await segment();
    await ask('mutation ($id: ID!) { updateSegment(id: $id, input: { name: "Friends" }) { id } }', { id });
    return { subjectId: id, before: { name: 'Regulars' }, after: { name: 'Friends' } };
  },
  addToSegment: async () => {
    const id = await segment();
    await ask('mutation ($id: ID!, $who: [ID!]!) { addToSegment(id: $id, customerIds: $who) { id } }', { id, who: [await somebody()] });
    return { subjectId: id };
  },
  removeFromSegment: async () => {
    const id = await segment();
    const who = [await somebody()];
    await ask(
      'mutation ($id: ID!, $who: [ID!]!) { addToSegment(id: $id, customerIds: $who) { id } removeFromSegment(id: $id, customerIds: $who) { id } }',
      { id, who },
    );
    return { subjectId: id };
  },
  generateCodes: async () => {
    const campaignId = await campaign();
    const { batchId } = await generateCodes(hub, campaignId, { count: 7 });
    return { subjectId: batchId, before: null, after: { campaignId, count: 7, random: { prefix: 'DV' } } };
  },
  issueVoucher: async () => {
    const { issueVoucher } = await ask(
      'mutation ($input: IssueVoucherInput!) { issueVoucher(input: $input) { ... on Issued { voucher { id } } } }',
      { input: { idempotencyKey: key(), campaignId: stage.campaignId, customer: { phone: '+34600111333' } } },
    );
    return { subjectId: issueVoucher.voucher.id, before: { status: 'CREATED' }, after: { status: 'ISSUED', campaignId: stage.campaignId } };
  },
  blockVoucher: async () => {
    const id = await voucherId();
    await ask('mutation ($id: ID!) { blockVoucher(id: $id, reason: "lost") { id } }', { id });
    return { subjectId: id, before: { status: 'CREATED' }, after: { status: 'BLOCKED', reason: 'lost' } };
  },
  cancelVoucher: async () => {
    const id = await voucherId();
    await ask('mutation ($id: ID!) { cancelVoucher(id: $id, reason: "void") { id } }', { id });
    return { subjectId: id, before: { status: 'CREATED' }, after: { status: 'CANCELLED', reason: 'void' } };
  },
  hold: async () => ({ subjectId: await held(), before: null, after: { status: 'ACTIVE', storeId: stage.storeId } }),
  extendHold: async () => {
    const id = await held();
    await ask('mutation ($id: ID!) { extendHold(id: $id, ttlSeconds: 1200) { __typename } }', { id });
    return { subjectId: id, before: { expiresAt: expect.any(String) }, after: { expiresAt: expect.any(String) } };
  },
  releaseHold: async () => {
    const id = await held();
    await ask('mutation ($id: ID!) { releaseHold(id: $id) { id } }', { id });
    return { subjectId: id, before: { status: 'ACTIVE' }, after: { status: 'RELEASED' } };
  },
  redeem: async () => ({
    subjectId: await redeemed(),
    before: { status: 'CREATED', uses: 0 },
    after: { status: 'REDEEMED', uses: 1, campaignId: stage.campaignId, amount: { minor: 250, currency: 'EUR' } },
  }),
  reverse: async () => {
    const redemptionId = await redeemed();
    await ask('mutation ($input: ReverseInput!) { reverse(input: $input) { __typename } }', {
      input: { idempotencyKey: key(), redemptionId, amount: 100, reason: 'cold' },
    });
    return {
      subjectId: redemptionId,
      before: { reversed: { minor: 0, currency: 'EUR' } },
      after: { reversed: { minor: 100, currency: 'EUR' }, reason: 'cold' },
    };
  },
  recordOrder: async () => {
    const record = 'mutation ($input: OrderInput!) { recordOrder(input: $input) { id } }';
    const input = order(stage.storeId);
    await ask(record, { input });
    const tea = { id: '2', sku: 'tea', unitPrice: 300 };
    const { recordOrder } = await ask(record, { input: { ...input, lines: [...input['lines'], tea] } });
    return {
      subjectId: recordOrder.id,
      before: { due: { minor: 2500, currency: 'EUR' }, lines: { 2: null } },
      after: { due: { minor: 2800, currency: 'EUR' }, lines: { 2: { sku: 'tea' } } },
    };
  },
  refundOrder: async () => {
    const { recordOrder } = await ask('mutation ($input: OrderInput!) { recordOrder(input: $input) { id } }', {
      input: order(stage.storeId),
    });
    const { refundOrder } = await ask(
      'mutation ($input: RefundOrderInput!) { refundOrder(input: $input) { ... on RefundedOrder { refund { id } } } }',
      { input: { idempotencyKey: key(), orderId: recordOrder.id, amount: 500, reason: 'cold' } },
    );
    return { subjectId: refundOrder.refund.id, before: null };
  },
  recordEvent: async () => {
    await ask('mutation ($input: RecordEventInput!) { recordEvent(input: $input) { cursor } }', {
      input: { idempotencyKey: key(), name: 'email.opened', storeId: stage.storeId },
    });
    return { subjectId: null, before: null, after: { name: 'email.opened', storeId: stage.storeId } };
  },
  createApiKey: async () => ({ subjectId: await apiKey(), before: null, after: { name: 'Desk', role: 'MARKETING' } }),
  rotateApiKey: async () => {
    const id = await apiKey();
    await ask('mutation ($id: ID!) { rotateApiKey(id: $id) { secret } }', { id });
    return { subjectId: id, before: { secret: null, previousSecretUntil: null }, after: { secret: 'changed' } };
  },
  revokeApiKey: async () => {
    const id = await apiKey();
    await ask('mutation ($id: ID!) { revokeApiKey(id: $id) { id } }', { id });
    return { subjectId: id, before: { revokedAt: null }, after: { revokedAt: expect.any(String) } };
  },
  connect: async () => ({ subjectId: await connection(), before: null, after: { name: 'Acme', secrets: { apiKey: 'given' } } }),
  updateConnection: async () => {
    const id = await connection();
    await ask('mutation ($id: ID!, $input: UpdateConnectionInput!) { updateConnection(id: $id, input: $input) { id } }', {
      id,
      input: { name: 'Acme II', settings: { apiKey: 'another secret' } },
    });
    return {
      subjectId: id,
      before: { name: 'Acme', secrets: { apiKey: 'given' } },
      after: { name: 'Acme II', secrets: { apiKey: 'changed' } },
    };
  },
  createApp: async () => ({
    subjectId: await app(),
    before: null,
    after: { connectorId: 'made-up-oauth', name: 'Our app', settings: { clientId: 'given' }, secrets: { clientSecret: 'given' } },
  }),
  updateApp: async () => {
    const id = await app();
    await ask('mutation ($id: ID!, $input: UpdateAppInput!) { updateApp(id: $id, input: $input) { id } }', {
      id,
      input: { settings: { clientSecret: 'another secret' } },
    });
    return {
      subjectId: id,
      before: { secrets: { clientSecret: 'given' } },
      after: { secrets: { clientSecret: 'changed', signingKey: 'given' } },
    };
  },
  authorizeConnection: async () => {
    const id = await connection('made-up-oauth', APP);
    await ask('mutation ($id: ID!) { authorizeConnection(id: $id) { url } }', { id });
    return { subjectId: id, before: null, after: { authorization: 'ASKED', expiresAt: expect.any(String) } };
  },
  chooseAccount: async () => {
    const id = await connection('choosing');
    await ask('mutation ($id: ID!) { chooseAccount(connectionId: $id, account: "A-2") { id } }', { id });
    return { subjectId: id, before: { account: null }, after: { account: 'A-2' } };
  },
  disconnect: async () => {
    const id = await connection();
    await ask('mutation ($id: ID!) { disconnect(id: $id) { id } }', { id });
    return { subjectId: id, before: { status: 'ACTIVE' }, after: { status: 'DISCONNECTED' } };
  },
  startBackfill: async () => {
    const connectionId = await connection();
    return {
      subjectId: await backfill(connectionId),
      before: null,
      after: { connectionId, feeds: ['things'], from: '2026-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z' },
    };
  },
  cancelBackfill: async () => {
    const id = await backfill(await connection());
    await ask('mutation ($id: ID!) { cancelBackfill(id: $id) { id } }', { id });
    return { subjectId: id, before: { state: 'RUNNING' }, after: { state: 'CANCELLED' } };
  },
  reprocessDelivery: async () => {
    const id = await connection();
    const delivery = `whd_${randomUUID().replaceAll('-', '')}`;
    await hub.hub.database.pool.query(
      `insert into webhook_delivery (id, connection_id, method, headers, query, body, received_at) values ($1, $2, 'POST', '{}', '{}', '', now())`,
      [delivery, id],
    );
    await hub.hub.database.pool.query(
      `insert into notice (connection_id, delivery_id, topic, lane, body, signed, state, next_at, received_at) values ($1, $2, 't', 'l', '{"topic":"t","body":null,"repeat":{"key":"k"}}', true, 'DONE', now(), now())`,
      [id, delivery],
    );
    await ask('mutation ($id: ID!) { reprocessDelivery(id: $id) { id } }', { id: delivery });
    return { subjectId: delivery, before: null, after: { notices: 1 } };
  },
  retryJob: async () => {
    const id = await parkedJob();
    await ask('mutation ($id: ID!) { retryJob(id: $id) { status } }', { id });
    return { subjectId: id, before: { status: 'PARKED' }, after: { status: 'PENDING' } };
  },
  dropJob: async () => {
    const id = await parkedJob();
    await ask('mutation ($id: ID!) { dropJob(id: $id) { status } }', { id });
    return { subjectId: id, before: { status: 'PARKED' }, after: { status: 'FAILED' } };
  },
  applyVoucher: async () => ({
    subjectId: await onCheck(),
    before: null,
    after: { connectionId: expect.stringMatching(/^con_/), orderExternalId: 'C-1', amount: expect.any(Number) },
  }),
  removeVoucher: async () => {
    const id = await onCheck();
    await eventually(async () => {
      const { rows } = await hub.hub.database.pool.query('select status from outbox_job where id = $1', [id]);
      expect(rows).toEqual([{ status: 'DONE' }]);
    });
    await ask('mutation ($id: ID!) { removeVoucher(id: $id) { status } }', { id });
    return { subjectId: id, before: { status: 'APPLIED' }, after: { status: 'REMOVING' } };
  },
  publishCampaign: async () => {
    const id = await publication();
    return { subjectId: id, before: null, after: { status: 'PUBLISHING', onLoss: 'GO_ON' } };
  },
  withdrawCampaign: async () => {
    const id = await publication();
    await ask('mutation ($a: ID!, $b: ID!) { withdrawCampaign(campaignId: $a, connectionId: $b) { id } }', {
      a: published.campaignId,
      b: published.connectionId,
    });
    return { subjectId: id, before: { status: expect.stringMatching(/^PUBLISH/) }, after: { status: 'WITHDRAWING' } };
  },
  mapProducts: async () => {
    const id = await connection();
    await ask('mutation ($id: ID!, $products: [ProductInput!]!) { mapProducts(connectionId: $id, products: $products) }', {
      id,
      products: [{ externalId: 'P-1', sku: 'ARROZ' }],
    });
    return { subjectId: id, before: null, after: { products: 1 } };
  },
  createForwarding: async () => ({
    subjectId: await forwarding(),
    before: null,
    after: { verb: 'alerts.send', events: ['VOUCHER_REJECTED'] },
  }),
  updateForwarding: async () => {
    const id = await forwarding();
    await ask('mutation ($id: ID!) { updateForwarding(id: $id, input: { paused: true }) { paused } }', { id });
    return { subjectId: id, before: { paused: false }, after: { paused: true } };
  },
  deleteForwarding: async () => {
    const id = await forwarding();
    await ask('mutation ($id: ID!) { deleteForwarding(id: $id) }', { id });
    return { subjectId: id, before: { verb: 'alerts.send' }, after: null };
  },
  createWorkflow: async () => ({ subjectId: await workflow(), before: null, after: { name: 'Greet', status: 'DRAFT', version: 1 } }),
  updateWorkflow: async () => {
    const id = await workflow();
    await ask('mutation ($id: ID!, $input: WorkflowInput!) { updateWorkflow(id: $id, input: $input) { id } }', {
      id,
      input: { ...WORKFLOW, name: 'Greet twice' },
    });
    return { subjectId: id, before: { name: 'Greet', version: 1 }, after: { name: 'Greet twice', version: 2 } };
  },
  activateWorkflow: async () => {
    const id = await workflow();
    await ask('mutation ($id: ID!) { activateWorkflow(id: $id) { id } }', { id });
    return { subjectId: id, before: { status: 'DRAFT' }, after: { status: 'ACTIVE' } };
  },
  pauseWorkflow: async () => {
    const id = await workflow();
    await ask('mutation ($id: ID!) { activateWorkflow(id: $id) { id } pauseWorkflow(id: $id) { id } }', { id });
    return { subjectId: id, before: { status: 'ACTIVE' }, after: { status: 'PAUSED' } };
  },
};

test('there is a deed here for every mutation of the schema', async () => {
  const { __schema: schema } = await ask('{ __schema { mutationType { fields { name } } } }');
  expect(Object.keys(DEEDS).sort()).toEqual(schema.mutationType.fields.map(({ name }: { name: string }) => name).sort());
});

describe('the line of', () => {
  test.each(Object.keys(DEEDS))('%s', async (operation) => {
    const line = await (DEEDS[operation] as () => Promise<object>)();
    const written = await newest(operation);
    expect(written).toMatchObject({ operation, actorId: admin, actorName: 'admin.key', actor: { id: admin, name: 'admin.key' }, ...line });
    expect(Math.abs(Date.parse(written.at) - Date.now())).toBeLessThan(60_000);
  });

  test('a change tells only what changed', async () => {
    const { subjectId } = await (DEEDS['updateStore'] as () => Promise<{ subjectId: string }>)();
    const [line] = await lines({ subjectId, operations: ['updateStore'] });
    expect([line?.before, line?.after]).toEqual([{ name: 'Old' }, { name: 'New' }]);
  });
});

describe('no second line', () => {
  const count = async (operation: string) => (await lines({ operations: [operation] })).length;

  test.each([
    ['redeem', 'mutation ($input: RedeemInput!) { redeem(input: $input) { ... on Redeemed { replayed } } }'],
    ['hold', 'mutation ($input: HoldInput!) { hold(input: $input) { ... on Held { replayed } } }'],
  ])('is written for a %s that is sent again', async (operation, text) => {
    const input = { idempotencyKey: key(), codes: [freeCode()], order: order(stage.storeId) };
    const before = await count(operation);
    expect((await ask(text, { input }))[operation]).toEqual({ replayed: false });
    expect((await ask(text, { input }))[operation]).toEqual({ replayed: true });
    expect(await count(operation)).toBe(before + 1);
  });

  test('is written for codes, vouchers, events, reversals and orders that are asked for again', async () => {
    const redemptionId = await redeemed();
    const again: readonly [operation: string, text: string, input: object][] = [
      [
        'generateCodes',
        'generateCodes(input: $input) { id }',
        { idempotencyKey: key(), campaignId: stage.campaignId, count: 3, random: { prefix: 'ZZ' } },
      ],
      [
        'issueVoucher',
        'issueVoucher(input: $input) { __typename }',
        { idempotencyKey: key(), campaignId: stage.campaignId, customer: { phone: '+34600111444' } },
      ],
      ['recordEvent', 'recordEvent(input: $input) { cursor }', { idempotencyKey: key(), name: 'again' }],
      ['reverse', 'reverse(input: $input) { __typename }', { idempotencyKey: key(), redemptionId, reason: 'r' }],
      ['recordOrder', 'recordOrder(input: $input) { id }', order(stage.storeId)],
    ];
    const types: Readonly<Record<string, string>> = { recordOrder: 'OrderInput' };
    for (const [operation, text, input] of again) {
      const before = await count(operation);
      const type = types[operation] ?? `${operation[0]?.toUpperCase()}${operation.slice(1)}Input`;
      for (let time = 0; time < 2; time += 1) await ask(`mutation ($input: ${type}!) { ${text} }`, { input });
      expect([operation, await count(operation)]).toEqual([operation, before + 1]);
    }
  });

  test('is written for what stands already, or is refused', async () => {
    const id = await voucherId();
    const block = 'mutation ($id: ID!) { blockVoucher(id: $id, reason: "lost") { id } }';
    await ask(block, { id });
    await ask(block, { id });
    expect(await lines({ subjectId: id })).toHaveLength(1);
    const { code } = (await ask('query ($id: ID!) { voucher(id: $id) { code } }', { id })).voucher;
    const before = await count('redeem');
    await ask('mutation ($input: RedeemInput!) { redeem(input: $input) { __typename } }', {
      input: { idempotencyKey: key(), codes: [code], order: order(stage.storeId) },
    });
    expect(await count('redeem')).toBe(before);
  });
});

describe('the trail', () => {
  test('never tells secrets or personal details', async () => {
    const operations = [
      'upsertCustomer',
      'connect',
      'updateConnection',
      'createApp',
      'updateApp',
      'authorizeConnection',
      'createApiKey',
      'rotateApiKey',
    ];
    for (const operation of operations) await (DEEDS[operation] as () => Promise<object>)();
    const all = JSON.stringify((await hub.hub.database.pool.query('select before, after from audit_line')).rows);
    for (const text of ['ana@example.com', 'Ana', '+34600111222', 'top secret', 'top signing key', 'another secret', 'vh_'])
      expect(all).not.toContain(text);
  });

  test('shows accountants everything but keys and connections', async () => {
    const accountant = { key: await hub.keyFor('ACCOUNTING') };
    await (DEEDS['updateStore'] as () => Promise<object>)();
    await (DEEDS['connect'] as () => Promise<object>)();
    const [store] = await lines({ operations: ['updateStore'] }, accountant);
    expect(store).toMatchObject({ actor: null, actorName: 'admin.key', before: { name: 'Old' } });
    const [made] = await lines({ operations: ['connect'] }, accountant);
    expect(made).toMatchObject({ actorName: 'admin.key', before: null, after: null });
  });
});
