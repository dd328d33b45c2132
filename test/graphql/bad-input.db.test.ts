import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { startTestHub, type TestHub } from '../helpers/hub.ts';
import { createCampaign, order, type Stage, setStage } from './stage.ts';

// Whatever a caller sends, the answer says what is wrong with it: never a fault of the hub's own, never an answer without words.

let hub: TestHub;
let stage: Stage;
let gift: string;
const logged: string[] = [];

beforeAll(async () => {
  hub = await startTestHub({ log: pino({ level: 'error' }, { write: (line: string) => void logged.push(line) }) });
  stage = await setStage(hub);
  gift = await createCampaign(hub, { distribution: 'CUSTOMER' });
});
afterAll(async () => {
  await hub.stop();
});

const TEXTS = [
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x'.repeat(3000),
  '',
  ' ',
  "'; drop table store; --",
  '\u202e',
  '9'.repeat(400),
  '__proto__',
];
const NUMBERS = [0, -1, 1, 2_147_483_647, -2_147_483_648, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
const DECIMALS = ['0', '-1', '0.00000000000000000000000000000000000001', '100', '100.0000001', '9'.repeat(39), '-0'];
const INSTANTS = ['1900-01-01T00:00:00Z', '9999-12-30T23:59:59Z', '1970-01-01T00:00:00-23:59'];

// biome-ignore lint/suspicious/noExplicitAny: texts and numbers alike.
type Bad = any;
// biome-ignore lint/suspicious/noExplicitAny: inputs of any shape.
type Input = Record<string, any>;

const INPUT_TYPES: Readonly<Record<string, string>> = {
  validate: 'ValidateInput!',
  redeem: 'RedeemInput!',
  hold: 'HoldInput!',
  reverse: 'ReverseInput!',
  recordOrder: 'OrderInput!',
  createStore: 'CreateStoreInput!',
  upsertCustomer: 'CustomerInput!',
  createCampaign: 'CreateCampaignInput!',
  generateCodes: 'GenerateCodesInput!',
  issueVoucher: 'IssueVoucherInput!',
  recordEvent: 'RecordEventInput!',
  createApiKey: 'CreateApiKeyInput!',
  createWorkflow: 'WorkflowInput!',
  connect: 'ConnectInput!',
};

let keys = 0;
const fresh = (): string => `key ${++keys}`;
const basket = (input: Input = {}): Input => order(stage.storeId, input);
const percent = { percentOff: { percent: '5' } };

const ASK: Readonly<Record<string, (bad: Bad) => Input>> = {
  'validate codes': (bad) => ({ codes: [bad], order: basket() }),
  'validate till': (bad) => ({ codes: ['DV1'], order: basket(), tillId: bad, staffId: bad }),
  'validate externalId': (bad) => ({ codes: ['DV1'], order: basket({ externalId: bad, source: bad }) }),
  'validate store': (bad) => ({ codes: ['DV1'], order: basket({ storeId: bad }) }),
  'validate lines': (bad) => ({
    codes: [stage.codes[0]],
    order: basket({ lines: [{ id: bad, sku: bad, name: bad, group: bad, brand: bad, unitPrice: 100 }] }),
  }),
  'validate customer': (bad) => ({ codes: ['DV1'], order: basket({ customer: { id: bad } }) }),
  'validate phone': (bad) => ({ codes: ['DV1'], order: basket({ customer: { phone: bad } }) }),
  'redeem key': (bad) => ({ idempotencyKey: bad, codes: ['DV1'], order: basket() }),
  'redeem hold': (bad) => ({ idempotencyKey: fresh(), holdId: bad, order: basket() }),
  'redeem e-mail': (bad) => ({ idempotencyKey: fresh(), codes: ['DV1'], order: basket({ customer: { email: bad } }) }),
  'redeem lines': (bad) => ({
    idempotencyKey: fresh(),
    codes: [stage.codes[1]],
    order: basket({ lines: [{ id: bad, sku: bad, name: bad, group: bad, brand: bad, unitPrice: 100 }] }),
  }),
  'hold till': (bad) => ({ idempotencyKey: fresh(), codes: [stage.codes[2]], order: basket(), tillId: bad }),
  'reverse id': (bad) => ({ idempotencyKey: fresh(), redemptionId: bad, reason: 'r' }),
  'reverse redeem key': (bad) => ({ idempotencyKey: fresh(), redeemKey: bad, reason: bad }),
  'recordOrder payments': (bad) => basket({ payments: [{ method: bad, amount: 5, externalId: bad }] }),
  'recordOrder lines': (bad) => basket({ lines: [{ id: bad, sku: bad, name: bad, group: bad, unitPrice: 100 }] }),
  'createStore zone': (bad) => ({ name: 'n', timeZone: bad, language: bad }),
  'createStore name': (bad) => ({ name: `n${bad}`, groups: [`g${bad}`] }),
  'upsertCustomer name': (bad) => ({ email: 'a@b.es', name: bad, groups: [bad] }),
  'createCampaign scope': (bad) => ({
    name: 'n',
    incentive: { percentOff: { percent: '5', scope: { include: { skus: [bad], groups: [bad] } } } },
  }),
  'createCampaign stores': (bad) => ({ name: `n${bad}`, parentId: bad, storeIds: [bad], incentive: percent }),
  'createCampaign metadata': (bad) => ({ name: 'n', incentive: percent, stacking: { group: bad }, metadata: { [`k${bad}`]: bad } }),
  'generateCodes alphabet': (bad) => ({ campaignId: stage.campaignId, idempotencyKey: fresh(), count: 5, random: { alphabet: bad } }),
  'generateCodes prefix': (bad) => ({ campaignId: stage.campaignId, idempotencyKey: bad, count: 5, random: { prefix: bad } }),
  'generateCodes shared': (bad) => ({ campaignId: stage.campaignId, idempotencyKey: fresh(), count: 1, shared: bad }),
  'generateCodes sequential': (bad) => ({
    campaignId: stage.campaignId,
    idempotencyKey: fresh(),
    count: 1,
    sequential: { prefix: bad, start: Number.MAX_SAFE_INTEGER },
  }),
  'issueVoucher campaign': (bad) => ({ idempotencyKey: fresh(), campaignId: bad, customer: { email: 'q@b.es' } }),
  'issueVoucher customer': (bad) => ({ idempotencyKey: fresh(), campaignId: gift, customer: { id: bad } }),
  'recordEvent data': (bad) => ({ idempotencyKey: fresh(), name: 'a.b', data: { [`k${bad}`]: bad } }),
  'recordEvent name': (bad) => ({ idempotencyKey: bad, name: bad, storeId: bad, customer: { id: bad } }),
  'createApiKey connection': (bad) => ({ name: `n${bad}`, role: 'CONNECTOR', connectionId: bad, partnerId: bad, storeIds: [bad] }),
  'createWorkflow steps': (bad) => ({ name: 'n', trigger: { on: bad }, filter: bad, steps: [{ id: bad, wait: { duration: bad } }] }),
  'createWorkflow allocate': (bad) => ({
    name: 'n',
    trigger: { on: 'CUSTOM', name: bad },
    steps: [{ id: 'a', allocate: { campaignId: bad, customer: 'customer.id' } }],
  }),
  'connect settings': (bad) => ({ connectorId: bad, name: bad, settings: { [bad]: bad } }),
};

const COUNT: typeof ASK = {
  'redeem prices': (bad) => ({
    idempotencyKey: fresh(),
    codes: [stage.codes[3]],
    order: basket({ revision: bad, lines: [{ id: '1', sku: 's', quantity: '3', unitPrice: bad, discount: bad }] }),
  }),
  'recordOrder prices': (bad) =>
    basket({ revision: bad, lines: [{ id: '1', sku: 's', unitPrice: bad }], payments: [{ method: 'm', amount: bad }] }),
  'createCampaign amounts': (bad) => ({
    name: 'n',
    incentive: { amountOff: { amount: { minor: bad, currency: 'EUR' } } },
    budget: { minor: bad, currency: 'EUR' },
    limits: [{ counts: 'REDEMPTIONS', per: 'STORE', max: bad }],
    conditions: { minimumOrder: bad, maximumOrder: bad },
  }),
  'generateCodes count': (bad) => ({
    campaignId: stage.campaignId,
    idempotencyKey: fresh(),
    count: bad,
    random: { prefix: `Z${keys}`, length: 9 },
  }),
  'generateCodes start': (bad) => ({
    campaignId: stage.campaignId,
    idempotencyKey: fresh(),
    count: bad,
    sequential: { start: bad, prefix: `Q${keys}` },
  }),
  'reverse amount': (bad) => ({ idempotencyKey: fresh(), redemptionId: 'rdm_0', amount: bad, reason: 'r' }),
};

const COUNT_SMALL: typeof ASK = {
  'generateCodes length': (bad) => ({ campaignId: stage.campaignId, idempotencyKey: fresh(), count: 3, random: { length: bad } }),
  'generateCodes width': (bad) => ({ campaignId: stage.campaignId, idempotencyKey: fresh(), count: 3, sequential: { width: bad } }),
  'hold time': (bad) => ({ idempotencyKey: fresh(), codes: [stage.codes[4]], order: basket(), ttlSeconds: bad }),
  'createStore maximum': (bad) => ({ name: 'n', maxVouchersPerOrder: bad }),
  'createCampaign priority': (bad) => ({ name: 'n', incentive: percent, stacking: { priority: bad } }),
};

const MEASURE: typeof ASK = {
  'createCampaign percent': (bad) => ({
    name: 'n',
    incentive: { percentOff: { percent: bad, scope: { triggerQuantity: bad, applicableQuantity: bad } } },
  }),
  'redeem quantity': (bad) => ({
    idempotencyKey: fresh(),
    codes: [stage.codes[5]],
    order: basket({ lines: [{ id: '1', sku: 's', quantity: bad, unitPrice: 100, taxRate: bad }] }),
  }),
  'createStore rates': (bad) => ({ name: 'n', defaultTaxRate: bad, taxRates: [{ group: 'g', rate: bad }] }),
  'reverse quantity': (bad) => ({ idempotencyKey: fresh(), redemptionId: 'rdm_0', units: [{ lineId: '1', quantity: bad }], reason: 'r' }),
};

const DATE: typeof ASK = {
  'redeem placed': (bad) => ({
    idempotencyKey: fresh(),
    codes: [stage.codes[6]],
    order: basket({ placedAt: bad, payments: [{ method: 'm', amount: 1, paidAt: bad }] }),
  }),
  'recordOrder placed': (bad) => basket({ placedAt: bad }),
  'issueVoucher until': (bad) => ({ idempotencyKey: fresh(), campaignId: gift, customer: { email: 'q@b.es' }, validUntil: bad }),
  'createCampaign days': (bad) => ({ name: 'n', incentive: percent, startsOn: bad.slice(0, 10), endsOn: bad.slice(0, 10) }),
};

const ids = [
  'voucher(id: $bad) { id }',
  'campaign(id: $bad) { id }',
  'customer(id: $bad) { id }',
  'vouchers(filter: { campaignIds: [$bad], customerId: $bad }) { edges { cursor } }',
  'campaigns(filter: { parentId: $bad, storeIds: [$bad] }) { edges { cursor } }',
  'redemptions(filter: { campaignIds: [$bad], storeIds: [$bad], customerId: $bad }) { edges { cursor } }',
  'rejections(filter: { campaignIds: [$bad], customerId: $bad }) { edges { cursor } }',
  'ledger(filter: { storeIds: [$bad], campaignIds: [$bad] }) { endCursor }',
];
const texts = [
  'voucher(code: $bad) { id }',
  'customer(phone: $bad) { id }',
  'customer(email: $bad) { id }',
  'ledger(after: $bad) { endCursor }',
  ...['vouchers', 'campaigns', 'redemptions', 'rejections', 'workflows'].map((list) => `${list}(after: $bad) { edges { cursor } }`),
  'redemptions(filter: { codes: [$bad], orderSource: $bad }) { edges { cursor } }',
];
const changes = [
  'activateCampaign(id: $bad) { id }',
  'endCampaign(id: $bad) { id }',
  'blockVoucher(id: $bad, reason: "r") { id }',
  'releaseHold(id: $bad) { id }',
  'extendHold(id: $bad, ttlSeconds: 5) { __typename }',
  'revokeApiKey(id: $bad) { id }',
  'activateWorkflow(id: $bad) { id }',
  'updateStore(id: $bad, input: {}) { id }',
];

async function ask(query: string, variables: Input): Promise<void> {
  const { status, errors } = await hub.graphql(query, variables);
  const ours = (errors ?? []).filter(({ extensions }) => extensions.code === 'INTERNAL' || extensions.code === 'UNAVAILABLE');
  const lines = ours.map(({ extensions }) => logged.find((line) => line.includes(extensions.reference ?? '-'))?.slice(0, 500));
  expect({ query, variables, lines }).toEqual({ query, variables, lines: [] });
  // 400 where it is no request at all: a member called __proto__ is refused with the whole body.
  expect([200, 400]).toContain(status);
  for (const { message } of errors ?? []) expect(message.trim()).not.toBe('');
}

const field = (name: string): string => {
  const operation = name.split(' ')[0] as string;
  const scalar = ['createStore', 'upsertCustomer', 'createCampaign', 'generateCodes', 'recordOrder', 'createWorkflow', 'connect'].includes(
    operation,
  )
    ? '{ id }'
    : operation === 'recordEvent'
      ? '{ cursor }'
      : operation === 'createApiKey'
        ? '{ secret }'
        : operation === 'validate'
          ? '{ outcomes { __typename } }'
          : '{ __typename }';
  return `${operation === 'validate' ? 'query' : 'mutation'} ($input: ${INPUT_TYPES[operation]}) { ${operation}(input: $input) ${scalar} }`;
};

test.each<[string, typeof ASK, readonly (string | number)[]]>([
  ['texts', ASK, TEXTS],
  ['numbers', COUNT, NUMBERS],
  ['small numbers', COUNT_SMALL, NUMBERS.slice(0, 5)],
  ['decimals', MEASURE, DECIMALS],
  ['times', DATE, INSTANTS],
])(
  'hostile %s in inputs',
  async (_what, table, values) => {
    for (const [name, input] of Object.entries(table)) for (const bad of values) await ask(field(name), { input: input(bad) });
  },
  120_000,
);

test('hostile texts in arguments', async () => {
  for (const bad of TEXTS) {
    for (const part of ids) await ask(`query ($bad: ID!) { ${part} }`, { bad });
    for (const part of texts) await ask(`query ($bad: String!) { ${part} }`, { bad });
    for (const part of changes) await ask(`mutation ($bad: ID!) { ${part} }`, { bad });
  }
}, 120_000);

test('JSON that is too deep is refused with its path', async () => {
  let deep: unknown = 1;
  for (let level = 0; level < 1_000; level += 1) deep = [deep];
  const { errors } = await hub.graphql('mutation ($input: RecordEventInput!) { recordEvent(input: $input) { cursor } }', {
    input: { idempotencyKey: 'deep', name: 'a.b', data: { deep } },
  });
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: 'input.data' });
});
