import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ROLES, type Role } from '../../src/domain/access/roles.ts';
import { startTestHub, type TestHub } from '../helpers/hub.ts';
import { order, type Stage, setStage } from './stage.ts';

let hub: TestHub;
let stage: Stage;
const keys = new Map<Role, string>();

beforeAll(async () => {
  hub = await startTestHub();
  stage = await setStage(hub);
  for (const role of ROLES) keys.set(role, await hub.keyFor(role, role === 'TILL' ? { storeIds: [stage.storeId] } : {}));
});
afterAll(async () => {
  await hub.stop();
});

const basket = '{ externalId: "o", storeId: $store, currency: "EUR", lines: [{ id: "1", sku: "s", unitPrice: 1000 }] }';
/** Every operation, who may ask it (ADMIN always may), and how it is asked. `$store` is the till's own. */
const OPERATIONS: readonly [name: string, roles: readonly Role[], field: string][] = [
  [
    'query validate',
    ['MARKETING', 'TILL', 'ACCOUNTING', 'PARTNER', 'PUBLIC'],
    `validate(input: { codes: ["X1"], order: ${basket} }) { order { due { minor } } }`,
  ],
  ['query voucher', ['MARKETING', 'TILL', 'ACCOUNTING', 'PARTNER'], 'voucher(code: "X1") { id }'],
  ['query vouchers', ['MARKETING', 'TILL', 'ACCOUNTING', 'PARTNER'], 'vouchers(first: 1) { edges { cursor } }'],
  ['query campaign', ['MARKETING', 'TILL', 'ACCOUNTING', 'PARTNER'], 'campaign(id: "cmp_0") { id }'],
  ['query campaigns', ['MARKETING', 'TILL', 'ACCOUNTING', 'PARTNER'], 'campaigns(first: 1) { edges { cursor } }'],
  ['query hold', ['MARKETING', 'TILL', 'ACCOUNTING'], 'hold(id: "hld_0") { id }'],
  ['query holds', ['MARKETING', 'TILL', 'ACCOUNTING'], 'holds(first: 1) { edges { cursor } }'],
  ['query campaignVersion', ['MARKETING', 'ACCOUNTING'], 'campaignVersion(id: "cmp_0", version: 1) { version }'],
  ['query redemptions', ['MARKETING', 'TILL', 'ACCOUNTING', 'PARTNER'], 'redemptions(first: 1) { edges { cursor } }'],
  ['query rejections', ['MARKETING', 'TILL', 'ACCOUNTING', 'PARTNER'], 'rejections(first: 1) { edges { cursor } }'],
  ['query explain', ['MARKETING', 'TILL', 'ACCOUNTING'], 'explain(redemptionId: "rdm_0") { message }'],
  ['query ledger', ['MARKETING', 'TILL', 'ACCOUNTING', 'PARTNER'], 'ledger(first: 1) { endCursor }'],
  ['query customer', ['MARKETING', 'TILL', 'ACCOUNTING'], 'customer(id: "cus_0") { id }'],
  ['query segment', ['MARKETING', 'TILL', 'ACCOUNTING', 'PARTNER'], 'segment(id: "seg_0") { id }'],
  ['query segments', ['MARKETING', 'TILL', 'ACCOUNTING', 'PARTNER'], 'segments(first: 1) { edges { cursor } }'],
  ['query stores', ['MARKETING', 'TILL', 'ACCOUNTING', 'PARTNER', 'CONNECTOR'], 'stores { id }'],
  ['query connectors', ['MARKETING', 'TILL', 'ACCOUNTING', 'PARTNER', 'CONNECTOR'], 'connectors { id }'],
  ['query apps', ['MARKETING', 'ACCOUNTING', 'CONNECTOR'], 'apps { id }'],
  ['query connections', ['MARKETING', 'ACCOUNTING', 'CONNECTOR'], 'connections { id }'],
  ['query connectionChoices', [], 'connectionChoices(connectionId: "con_0", name: "n") { value }'],
  ['query platformLocations', [], 'platformLocations(connectionId: "con_0") { externalId }'],
  ['query backfill', ['MARKETING', 'ACCOUNTING'], 'backfill(id: "bfl_0") { id }'],
  ['query backfills', ['MARKETING', 'ACCOUNTING'], 'backfills(connectionId: "con_0") { id }'],
  ['query workflows', ['MARKETING', 'TILL', 'ACCOUNTING', 'PARTNER'], 'workflows { edges { cursor } }'],
  ['query apiKeys', [], 'apiKeys { id }'],
  ['query auditLines', ['ACCOUNTING'], 'auditLines(first: 1) { edges { cursor } }'],
  ['mutation createStore', [], 'createStore(input: { name: "" }) { id }'],
  ['mutation updateStore', [], 'updateStore(id: "sto_0", input: {}) { id }'],
  ['mutation createSegment', ['MARKETING'], 'createSegment(input: { name: "" }) { id }'],
  ['mutation updateSegment', ['MARKETING'], 'updateSegment(id: "seg_0", input: {}) { id }'],
  ['mutation addToSegment', ['MARKETING'], 'addToSegment(id: "seg_0", customerIds: []) { id }'],
  ['mutation removeFromSegment', ['MARKETING'], 'removeFromSegment(id: "seg_0", customerIds: []) { id }'],
  ['mutation upsertCustomer', ['MARKETING'], 'upsertCustomer(input: { id: "cus_0" }) { id }'],
  ['mutation createCampaign', ['MARKETING'], 'createCampaign(input: { name: "" }) { id }'],
  ['mutation activateCampaign', ['MARKETING'], 'activateCampaign(id: "cmp_0") { id }'],
  ['mutation pauseCampaign', ['MARKETING'], 'pauseCampaign(id: "cmp_0") { id }'],
  ['mutation endCampaign', ['MARKETING'], 'endCampaign(id: "cmp_0") { id }'],
  ['mutation updateCampaign', ['MARKETING'], 'updateCampaign(id: "cmp_0", input: {}) { id }'],
  ['mutation archiveCampaign', ['MARKETING'], 'archiveCampaign(id: "cmp_0") { id }'],
  ['mutation cloneCampaign', ['MARKETING'], 'cloneCampaign(id: "cmp_0", input: { name: "n" }) { id }'],
  [
    'mutation generateCodes',
    ['MARKETING'],
    'generateCodes(input: { campaignId: "cmp_0", idempotencyKey: "k", count: 1, shared: "A" }) { id }',
  ],
  [
    'mutation issueVoucher',
    ['MARKETING', 'TILL'],
    'issueVoucher(input: { idempotencyKey: "k", campaignId: "cmp_0", customer: { id: "cus_0" } }) { __typename }',
  ],
  ['mutation blockVoucher', ['MARKETING'], 'blockVoucher(id: "vch_0", reason: "r") { id }'],
  ['mutation cancelVoucher', ['MARKETING'], 'cancelVoucher(id: "vch_0", reason: "r") { id }'],
  ['mutation hold', ['TILL'], `hold(input: { idempotencyKey: "", codes: ["X1"], order: ${basket} }) { __typename }`],
  ['mutation extendHold', ['TILL'], 'extendHold(id: "hld_0", ttlSeconds: 60) { __typename }'],
  ['mutation releaseHold', ['TILL'], 'releaseHold(id: "hld_0") { id }'],
  ['mutation redeem', ['TILL'], `redeem(input: { idempotencyKey: "", codes: ["X1"], order: ${basket} }) { __typename }`],
  ['mutation reverse', ['TILL'], 'reverse(input: { idempotencyKey: "", redemptionId: "rdm_0", reason: "r" }) { __typename }'],
  ['mutation recordOrder', ['TILL'], `recordOrder(input: ${basket}) { id }`],
  ['mutation refundOrder', ['TILL'], 'refundOrder(input: { idempotencyKey: "", orderId: "ord_0", reason: "r" }) { __typename }'],
  ['mutation recordEvent', ['MARKETING', 'CONNECTOR'], 'recordEvent(input: { idempotencyKey: "", name: "x" }) { cursor }'],
  ['mutation createApiKey', [], 'createApiKey(input: { name: "", role: TILL }) { secret }'],
  ['mutation rotateApiKey', [], 'rotateApiKey(id: "key_0") { secret }'],
  ['mutation revokeApiKey', [], 'revokeApiKey(id: "key_0") { id }'],
  ['mutation connect', [], 'connect(input: { connectorId: "nobody", name: "n", settings: {} }) { id }'],
  ['mutation updateConnection', [], 'updateConnection(id: "con_0", input: {}) { id }'],
  ['mutation createApp', [], 'createApp(input: { connectorId: "nobody", name: "n", settings: {} }) { id }'],
  ['mutation updateApp', [], 'updateApp(id: "app_0", input: {}) { id }'],
  ['mutation authorizeConnection', [], 'authorizeConnection(id: "con_0") { url }'],
  ['mutation chooseAccount', [], 'chooseAccount(connectionId: "con_0", account: "a") { id }'],
  ['mutation disconnect', [], 'disconnect(id: "con_0") { id }'],
  ['mutation startBackfill', [], 'startBackfill(input: { connectionId: "con_0", days: 1 }) { id }'],
  ['mutation cancelBackfill', [], 'cancelBackfill(id: "bfl_0") { id }'],
  ['query webhookDeliveries', [], 'webhookDeliveries(connectionId: "con_0") { edges { cursor } }'],
  ['query outboxJobs', [], 'outboxJobs(connectionId: "con_0") { edges { cursor } }'],
  ['mutation reprocessDelivery', [], 'reprocessDelivery(id: "whd_0") { id }'],
  ['mutation retryJob', [], 'retryJob(id: "job_0") { id }'],
  ['mutation dropJob', [], 'dropJob(id: "job_0") { id }'],
  ['query appliedVouchers', ['TILL'], 'appliedVouchers(connectionId: "con_0", orderExternalId: "1") { id }'],
  ['mutation applyVoucher', ['TILL'], 'applyVoucher(input: { connectionId: "con_0", orderExternalId: "1", code: "DV1" }) { __typename }'],
  ['mutation removeVoucher', ['TILL'], 'removeVoucher(id: "job_0") { id }'],
  ['query planPublication', ['MARKETING'], 'planPublication(campaignId: "cmp_0", connectionId: "con_0") { possible }'],
  ['query publications', ['MARKETING', 'ACCOUNTING'], 'publications { id }'],
  ['query mappedProducts', ['MARKETING'], 'mappedProducts(connectionId: "con_0") { sku }'],
  ['mutation publishCampaign', ['MARKETING'], 'publishCampaign(campaignId: "cmp_0", connectionId: "con_0") { id }'],
  ['mutation withdrawCampaign', ['MARKETING'], 'withdrawCampaign(campaignId: "cmp_0", connectionId: "con_0") { id }'],
  ['mutation mapProducts', [], 'mapProducts(connectionId: "con_0", products: [])'],
  ['query forwardings', [], 'forwardings { id }'],
  ['mutation createForwarding', [], 'createForwarding(input: { connectionId: "con_0", verb: "alerts.send", events: [] }) { id }'],
  ['mutation updateForwarding', [], 'updateForwarding(id: "fwd_0", input: {}) { id }'],
  ['mutation deleteForwarding', [], 'deleteForwarding(id: "fwd_0")'],
  ['mutation createWorkflow', ['MARKETING'], 'createWorkflow(input: { name: "", trigger: {}, steps: [] }) { id }'],
  ['mutation updateWorkflow', ['MARKETING'], 'updateWorkflow(id: "wfl_0", input: { name: "", trigger: {}, steps: [] }) { id }'],
  ['mutation activateWorkflow', ['MARKETING'], 'activateWorkflow(id: "wfl_0") { id }'],
  ['mutation pauseWorkflow', ['MARKETING'], 'pauseWorkflow(id: "wfl_0") { id }'],
];

const document = (name: string, field: string): string =>
  `${name.split(' ')[0]}${field.includes('$store') ? '($store: ID!)' : ''} { ${field} }`;

test('the table names every query and mutation of the schema', async () => {
  const { __schema: schema } = await hub.ask('{ __schema { queryType { fields { name } } mutationType { fields { name } } } }');
  const known = [
    ...schema.queryType.fields.map(({ name }: { name: string }) => `query ${name}`),
    ...schema.mutationType.fields.map(({ name }: { name: string }) => `mutation ${name}`),
  ];
  expect(OPERATIONS.map(([name]) => name).sort()).toEqual(known.sort());
});

describe.each(ROLES)('%s', (role) => {
  test.each(OPERATIONS)('%s', async (name, roles, field) => {
    const { status, errors } = await hub.graphql(document(name, field), { store: stage.storeId }, { key: keys.get(role) as string });
    expect(status).toBe(200);
    const codes = (errors ?? []).map(({ extensions }) => extensions.code);
    if (role === 'ADMIN' || roles.includes(role)) expect(codes).not.toContain('FORBIDDEN');
    else expect(codes).toEqual(['FORBIDDEN']);
    expect(codes).not.toContain('INTERNAL');
  });
});

describe('a till', () => {
  test.each(OPERATIONS.filter(([, , field]) => field.includes('$store')))('in another store may not %s', async (name, _roles, field) => {
    const { createStore: other } = await hub.ask('mutation { createStore(input: { name: "Nervión" }) { id } }');
    const { errors } = await hub.graphql(document(name, field), { store: other.id }, { key: keys.get('TILL') as string });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
  });

  test('without stores is no key', async () => {
    const { errors } = await hub.graphql('mutation { createApiKey(input: { name: "till", role: TILL }) { secret } }');
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: 'input.storeIds' });
  });

  test.each([
    ['a day and a minute back', -86_460_000, false],
    ['23 hours back', -82_800_000, true],
    ['4 minutes ahead', 240_000, true],
    ['6 minutes ahead', 360_000, false],
  ])('may place an order %s: %#', async (_what, offset, may) => {
    const input = { codes: [stage.codes[0]], order: order(stage.storeId, { placedAt: new Date(Date.now() + offset).toISOString() }) };
    for (const role of ['TILL', 'PUBLIC'] as const) {
      const { errors } = await hub.graphql(
        'query ($input: ValidateInput!) { validate(input: $input) { order { due { minor } } } }',
        { input },
        { key: keys.get(role) as string },
      );
      if (may) expect(errors).toBeUndefined();
      else expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: 'input.order.placedAt' });
    }
    const { errors } = await hub.graphql(
      'query ($input: ValidateInput!) { validate(input: $input) { order { due { minor } } } }',
      { input },
      { key: keys.get('MARKETING') as string },
    );
    expect(errors).toBeUndefined();
  });
});

describe('a connector', () => {
  test('records orders of its own connection only', async () => {
    const connectionId = 'con_test';
    await hub.hub.database.pool.query(
      "insert into connection (id, connector_id, name, settings, secrets, status, facts, version, created_at, updated_at) values ($1, 'x', 'x', '{}', '', 'ACTIVE', '{}', 1, now(), now())",
      [connectionId],
    );
    const key = await hub.keyFor('CONNECTOR', { connectionId });
    const record = (source: string) =>
      hub.graphql(
        'mutation ($input: OrderInput!) { recordOrder(input: $input) { source customer { id } redemptions { id } issued { id } } }',
        { input: order(stage.storeId, { source, customer: { phone: '+34600111222' } }) },
        { key },
      );
    expect((await record('api')).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await record(connectionId)).data).toEqual({
      recordOrder: { source: connectionId, customer: null, redemptions: [], issued: [] },
    });
  });
});

describe('the CSV of a batch', () => {
  const download = (role: Role | null, suffix = ''): Promise<Response> =>
    fetch(`${hub.url}/codes/${stage.batchId}.csv${suffix}`, {
      headers: role === null ? {} : { authorization: `Bearer ${keys.get(role)}` },
    });

  test.each(ROLES)('%s', async (role) => {
    const response = await download(role);
    expect(response.status).toBe(['ADMIN', 'MARKETING', 'ACCOUNTING'].includes(role) ? 200 : 403);
    if (response.status === 403)
      expect(((await response.json()) as { errors: { extensions: unknown }[] }).errors[0]?.extensions).toEqual({ code: 'FORBIDDEN' });
  });

  test('holds all codes, in their order, under a header', async () => {
    const lines = (await (await download('ADMIN')).text()).trimEnd().split(/\r?\n/);
    expect(lines).toEqual(['code', ...stage.codes]);
  });

  test.each([
    ['?part=1', 200],
    ['?part=2', 404],
    ['?part=0', 400],
    ['?part=x', 400],
    ['?format=zip', 200],
    ['?format=exe', 400],
  ])('%s is %i', async (suffix, status) => {
    const response = await download('ADMIN', suffix);
    await response.arrayBuffer();
    expect(response.status).toBe(status);
  });

  test('wants a key', async () => {
    expect((await download(null)).status).toBe(401);
  });
});
