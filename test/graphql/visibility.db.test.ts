import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  buildClientSchema,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getIntrospectionQuery,
  getNamedType,
  isLeafType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { loadConnectors } from '../../src/connectors/registry/registry.ts';
import { ROLES, type Role } from '../../src/domain/access/roles.ts';
import { ACCESS } from '../../src/schema/access.ts';
import { APP_SETTINGS, send, signer } from '../connectors/support/linked.ts';
import { madeUp, WITH_ROLES } from '../connectors/support/made-up.ts';
import { oauthed } from '../connectors/support/made-up-oauth.ts';
import { silent } from '../helpers/basics.ts';
import { startTestHub, type TestHub } from '../helpers/hub.ts';
import { order, type Stage, setStage } from './stage.ts';
import { decidedFields, hiddenFrom, VISIBILITY } from './visibility.ts';

type Input = Readonly<Record<string, unknown>>;
interface Seen {
  readonly __typename: string;
  readonly [field: string]: unknown;
}
interface Question {
  readonly operation: 'query' | 'mutation';
  readonly field: string;
  readonly types: string;
  readonly variables: Input;
  readonly roles: readonly Role[];
}

const OWNER = '+34600777111';
let hub: TestHub;
let stage: Stage;
let schema: GraphQLSchema;
let connectionId: string;
const keys = new Map<Role, string>();
let made = 0;

beforeAll(async () => {
  const connectors = new Map([madeUp(WITH_ROLES), oauthed(), choosing()].map((connector) => [connector.id, connector]));
  const registry = await loadConnectors({
    builtIn: [],
    further: [...connectors.keys()],
    log: silent,
    load: async (name) => ({ value: connectors.get(name), version: '0.0.1' }),
  });
  hub = await startTestHub({ registry });
  const { __schema } = await hub.ask(getIntrospectionQuery());
  schema = buildClientSchema({ __schema });
  stage = await setStage(hub, CAMPAIGN);
  connectionId = await connectOne({ connectorId: 'made-up', storeId: stage.storeId, settings: { apiKey: 'k' } });
  const { createApp } = await hub.ask('mutation ($input: CreateAppInput!) { createApp(input: $input) { id webhookUrl } }', {
    input: { connectorId: 'made-up-oauth', name: 'Our app', settings: APP_SETTINGS },
  });
  await connectOne({ connectorId: 'made-up-oauth', appId: createApp.id, settings: {} });
  await send(signer(oauthed()), createApp.webhookUrl, [{ id: 'e-1', account: 'nobody yet' }]);
  await connectOne({ connectorId: 'choosing', settings: { ...APP_SETTINGS } });
  await hub.ask('mutation ($input: ApplyVoucherInput!) { applyVoucher(input: $input) { __typename } }', {
    input: { connectionId, orderExternalId: 'C-1', code: stage.codes.at(-1) },
  });
  await hub.ask('mutation ($input: CreateForwardingInput!) { createForwarding(input: $input) { id } }', {
    input: { connectionId, verb: 'alerts.send', events: ['VOUCHER_REJECTED'] },
  });
  await hub.ask('mutation ($a: ID!, $b: ID!) { publishCampaign(campaignId: $a, connectionId: $b, onLoss: GO_ON) { id } }', {
    a: (await hub.ask('{ campaigns { edges { node { id incentive { __typename } } } } }')).campaigns.edges[0].node.id,
    b: connectionId,
  });
  await hub.ask('mutation ($id: ID!, $products: [ProductInput!]!) { mapProducts(connectionId: $id, products: $products) }', {
    id: connectionId,
    products: [{ externalId: 'P-1', sku: 'ARROZ' }],
  });
  for (const role of ROLES)
    keys.set(role, await hub.keyFor(role, role === 'TILL' ? { storeIds: [stage.storeId] } : role === 'CONNECTOR' ? { connectionId } : {}));
  await hub.ask('mutation ($input: CustomerInput!) { upsertCustomer(input: $input) { id } }', {
    input: { phone: OWNER, name: 'Ana', birthday: '1990-05-05', anniversary: '2020-01-01', groups: ['vip'] },
  });
  const { createWorkflow } = await hub.ask('mutation ($input: WorkflowInput!) { createWorkflow(input: $input) { id } }', {
    input: { name: 'w', trigger: { on: 'CUSTOM', name: 'x' }, steps: [{ id: 'a', wait: { duration: 'PT1H' } }] },
  });
  await hub.ask('mutation ($id: ID!) { activateWorkflow(id: $id) { id } }', { id: createWorkflow.id });
});
afterAll(async () => {
  await hub.stop();
});

/** Has all that a connection may have: an account, others to choose among, an address, words for a person. */
const choosing = () =>
  oauthed({
    id: 'choosing',
    auth: { by: 'none', place: {} },
    identify: () => ({
      choose: [
        { account: 'A-1', name: 'One' },
        { account: 'A-2', name: 'Two' },
      ],
    }),
  });

async function connectOne(input: object): Promise<string> {
  const { connect } = await hub.ask('mutation ($input: ConnectInput!) { connect(input: $input) { id accounts { account } } }', {
    input: { name: 'Made up', ...input },
  });
  if (connect.accounts.length > 0)
    await hub.ask('mutation ($id: ID!) { chooseAccount(connectionId: $id, account: "A-1") { id } }', { id: connect.id });
  return connect.id;
}

const CAMPAIGN = {
  limits: [{ counts: 'REDEMPTIONS', per: 'CAMPAIGN', max: 1_000 }],
  budget: { minor: 500_000, currency: 'EUR' },
  conditions: { minimumOrder: 100 },
  startsOn: '2020-01-01',
  endsOn: '2099-12-31',
  stacking: { group: 'g' },
  metadata: { a: 1 },
};

const key = (): string => `visibility ${++made}`;
const code = (): string => stage.codes[++made % stage.codes.length] as string;
const basket = (over: Input = {}) => order(stage.storeId, { customer: { phone: OWNER }, ...over });

const DEEPEST = 8;

/** Every field of the type and of those it leads to; each type once in full, and far down its plain fields only. */
function selection(type: GraphQLNamedType, done: Set<string>, depth = 1): string {
  if (isUnionType(type)) {
    const members = type.getTypes().map((member) => `... on ${member.name} ${selection(member, done, depth)}`);
    return `{ __typename ${members.join(' ')} }`;
  }
  const { name } = type as GraphQLObjectType;
  const fields = Object.values((type as GraphQLObjectType).getFields());
  if (done.has(name)) return `{ __typename ${fields.some((field) => field.name === 'id') ? 'id' : ''} }`;
  if (depth < DEEPEST) done.add(name);
  const chosen = fields.map((field) => {
    const inner = getNamedType(field.type as GraphQLOutputType);
    const first = field.args.some((arg) => arg.name === 'first') ? '(first: 3)' : '';
    if (isLeafType(inner)) return field.name + first;
    return depth < DEEPEST ? `${field.name}${first} ${selection(inner, done, depth + 1)}` : '';
  });
  return `{ __typename ${chosen.join(' ')} }`;
}

function fieldOf({ operation, field }: Pick<Question, 'operation' | 'field'>) {
  const root = operation === 'query' ? schema.getQueryType() : schema.getMutationType();
  const found = root?.getFields()[field];
  if (!found) throw new Error(`There is no ${operation} ${field}.`);
  return found;
}

async function answers({ operation, field, types, variables }: Omit<Question, 'roles'>, role: Role): Promise<Seen[]> {
  const args = types
    .split(', ')
    .filter(Boolean)
    .map((pair) => pair.split(': ') as [string, string]);
  const declared = args.length > 0 ? `(${args.map(([name, type]) => `$${name}: ${type}`).join(', ')})` : '';
  const given = args.length > 0 ? `(${args.map(([name]) => `${name}: $${name}`).join(', ')})` : '';
  const text = `${operation} ${declared} { ${field}${given} ${selection(getNamedType(fieldOf({ operation, field }).type), new Set())} }`;
  const data = await hub.ask(text, variables, { key: role === 'ADMIN' ? hub.adminKey : (keys.get(role) as string) });
  return objectsIn(data);
}

function objectsIn(value: unknown): Seen[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  if (typeof value !== 'object' || value === null) return [];
  return [...('__typename' in value ? [value as Seen] : []), ...Object.values(value).flatMap(objectsIn)];
}

const isNothing = (value: unknown): boolean =>
  value === null ||
  (Array.isArray(value) && value.length === 0) ||
  (typeof value === 'object' && isNothing((value as { edges?: unknown }).edges ?? 1));

/** One question for each type that hides something, asked by all who may ask it. `till` only where its answers are its own. */
async function questions(): Promise<Question[]> {
  const redeem = async () => {
    const { redeem: answer } = await hub.ask(
      'mutation ($input: RedeemInput!) { redeem(input: $input) { ... on Redeemed { redemptions { id } } } }',
      { input: { idempotencyKey: key(), codes: [code()], order: basket() } },
    );
    return answer.redemptions[0].id as string;
  };
  const id = await redeem();
  await hub.ask('mutation ($input: ReverseInput!) { reverse(input: $input) { __typename } }', {
    input: { idempotencyKey: key(), redemptionId: await redeem(), reason: 'r', amount: 10 },
  });
  const { issueVoucher } = await hub.ask(
    'mutation ($input: IssueVoucherInput!) { issueVoucher(input: $input) { ... on Issued { voucher { code } } } }',
    { input: { idempotencyKey: key(), campaignId: stage.campaignId, customer: { phone: OWNER } } },
  );
  const own: string = issueVoucher.voucher.code;
  const used = { idempotencyKey: key(), codes: [own], order: basket() };
  await hub.ask('mutation ($input: RedeemInput!) { redeem(input: $input) { __typename } }', { input: used });
  const { createCampaign: many } = await hub.ask('mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) { id } }', {
    input: {
      name: 'Many',
      incentive: { amountOff: { amount: { minor: 100, currency: 'EUR' } } },
      ...CAMPAIGN,
      limits: [{ counts: 'REDEMPTIONS', per: 'VOUCHER', max: 9 }],
      budget: null,
    },
  });
  await hub.ask('mutation ($id: ID!) { activateCampaign(id: $id) { id } }', { id: many.id });
  const { issueVoucher: again } = await hub.ask(
    'mutation ($input: IssueVoucherInput!) { issueVoucher(input: $input) { ... on Issued { voucher { code } } } }',
    { input: { idempotencyKey: key(), campaignId: many.id, customer: { phone: OWNER } } },
  );
  const multiple: string = again.voucher.code;
  await hub.ask('mutation ($input: RedeemInput!) { redeem(input: $input) { __typename } }', {
    input: { idempotencyKey: key(), codes: [multiple], order: basket() },
  });
  const { customer } = await hub.ask('query ($phone: String) { customer(phone: $phone) { id } }', { phone: OWNER });
  for (const input of [
    { name: 'All', expression: 'customer.id != ""' },
    { name: 'One', customerIds: [customer.id] },
  ])
    await hub.ask('mutation ($input: CreateSegmentInput!) { createSegment(input: $input) { id } }', { input });
  const connected = { source: connectionId, externalId: 'connected' };
  await hub.ask('mutation ($input: RedeemInput!) { redeem(input: $input) { __typename } }', {
    input: { idempotencyKey: key(), codes: [code()], order: basket(connected) },
  });
  const ask = (
    field: string,
    types: string,
    variables: Input,
    roles: readonly Role[],
    operation: Question['operation'] = 'query',
  ): Question => ({
    operation,
    field,
    types,
    variables,
    roles,
  });
  return [
    ask('campaign', 'id: ID!', { id: stage.campaignId }, ['TILL']),
    ask('validate', 'input: ValidateInput!', { input: { codes: [multiple, own], order: basket() } }, [
      'PUBLIC',
      'PARTNER',
      'TILL',
      'ACCOUNTING',
    ]),
    ask('voucher', 'code: String', { code: own }, ['TILL', 'MARKETING', 'ACCOUNTING']),
    ask('redemptions', 'first: Int', { first: 10 }, ['TILL', 'MARKETING', 'ACCOUNTING', 'PARTNER']),
    ask('rejections', 'first: Int', { first: 10 }, ['TILL', 'MARKETING', 'ACCOUNTING', 'PARTNER']),
    ask('customer', 'phone: String', { phone: OWNER }, ['TILL', 'MARKETING', 'ACCOUNTING']),
    ask('explain', 'redemptionId: ID!', { redemptionId: id }, ['TILL', 'MARKETING', 'ACCOUNTING']),
    ask('forwardings', '', {}, []),
    ask('webhookDeliveries', 'connectionId: ID!', { connectionId }, []),
    ask('outboxJobs', 'connectionId: ID!', { connectionId }, []),
    ask('appliedVouchers', 'connectionId: ID!, orderExternalId: String!', { connectionId, orderExternalId: 'C-1' }, ['TILL']),
    ask('planPublication', 'campaignId: ID!, connectionId: ID!', { campaignId: stage.campaignId, connectionId }, ['MARKETING']),
    ask('publications', '', {}, ['MARKETING', 'ACCOUNTING']),
    ask('mappedProducts', 'connectionId: ID!', { connectionId }, ['MARKETING']),
    ask('connections', '', {}, ['MARKETING', 'ACCOUNTING', 'CONNECTOR']),
    ask('apps', '', {}, ['MARKETING', 'ACCOUNTING', 'CONNECTOR']),
    ask('segments', 'first: Int', { first: 5 }, ['TILL', 'MARKETING', 'ACCOUNTING']),
    ask('workflows', 'first: Int', { first: 5 }, ['TILL', 'MARKETING', 'ACCOUNTING']),
    // Of keys and connections an accountant is told that they were changed, not how (audit.db.test.ts).
    ask('auditLines', 'first: Int, filter: AuditFilter', { first: 20, filter: { operations: ['redeem', 'createStore', 'issueVoucher'] } }, [
      'ACCOUNTING',
    ]),
    ask('ledger', 'first: Int', { first: 100 }, ['TILL', 'MARKETING', 'ACCOUNTING', 'PARTNER']),
    ask('recordOrder', 'input: OrderInput!', { input: basket(connected) }, ['CONNECTOR'], 'mutation'),
    ask(
      'recordEvent',
      'input: RecordEventInput!',
      { input: { idempotencyKey: key(), name: 'x', customer: { phone: OWNER } } },
      ['CONNECTOR', 'MARKETING'],
      'mutation',
    ),
  ];
}

/** With an idempotency key of its own, where it takes one. */
function anew(question: Question): Question {
  const input = question.variables['input'] as Input | undefined;
  return input?.['idempotencyKey'] === undefined ? question : { ...question, variables: { input: { ...input, idempotencyKey: key() } } };
}

test('every field of every answer is decided on, and nothing else', () => {
  const roots = new Set(['Query', 'Mutation', 'Subscription']);
  const types = Object.values(schema.getTypeMap()).filter(
    (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__') && !roots.has(type.name),
  );
  const inSchema = types.flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`));
  const decided = Object.keys(VISIBILITY).flatMap((type) => decidedFields(type).map((field) => `${type}.${field}`));
  expect(decided.sort()).toEqual(inSchema.sort());
});

test('a field is hidden only from roles that come upon it', () => {
  const idle = Object.entries(VISIBILITY).flatMap(([type, { hidden = [] }]) =>
    hidden.flatMap(([fields, from]) => from.filter((role) => !reached(role).has(type)).map((role) => `${role}: ${type} (${fields})`)),
  );
  expect(idle).toEqual([]);
});

/** Types that a role can come to from what it may ask, through what it may see. */
function reached(role: Role): Set<string> {
  const found = new Set<string>();
  const enter = (type: GraphQLNamedType): void => {
    if (isUnionType(type)) for (const member of type.getTypes()) enter(member);
    if (!isObjectType(type) || found.has(type.name)) return;
    found.add(type.name);
    for (const field of Object.values(type.getFields()))
      if (!hiddenFrom(type.name, field.name).includes(role)) enter(getNamedType(field.type));
  };
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()])
    for (const field of Object.values(root?.getFields() ?? {}))
      if (ACCESS[`${root?.name}.${field.name}`]?.roles.has(role)) enter(getNamedType(field.type));
  return found;
}

describe('what each role is answered', () => {
  const present = new Set<string>();
  const faults: string[] = [];
  const hidden = new Set<string>();

  /** What stands in `object`, an answer to `role`, against the same thing in the administrator's. */
  function judge(role: Role, question: string, object: Seen, whole: Seen | undefined): void {
    for (const [field, value] of Object.entries(object)) {
      const name = `${object.__typename}.${field}`;
      if (hiddenFrom(object.__typename, field).includes(role)) {
        hidden.add(`${role} ${name}`);
        if (!isNothing(value)) faults.push(`${role} sees ${name} by ${question}: ${JSON.stringify(value)}`);
      } else if (value === null && whole?.[field] != null) faults.push(`${role} does not see ${name} by ${question}`);
    }
  }

  const identity = (object: Seen): string => `${object.__typename} ${String(object['id'])}`;

  beforeAll(async () => {
    for (const question of await questions()) {
      const whole = await answers(question, 'ADMIN');
      for (const object of whole)
        for (const [field, value] of Object.entries(object)) if (!isNothing(value)) present.add(`${object.__typename}.${field}`);
      const known = new Map(whole.filter(({ id }) => typeof id === 'string').map((object) => [identity(object), object]));
      for (const role of question.roles)
        for (const object of await answers(anew(question), role)) judge(role, question.field, object, known.get(identity(object)));
    }
  }, 120_000);

  test('is what the table says, no more and no less', () => {
    expect([...new Set(faults)]).toEqual([]);
  });

  test('was asked where there was something to hide', () => {
    const empty = Object.entries(VISIBILITY).flatMap(([type, { hidden: fields = [] }]) =>
      fields.flatMap(([names, from]) =>
        names
          .split(' ')
          .flatMap((field) => [
            ...(present.has(`${type}.${field}`) || NOT_MADE_HERE.has(`${type}.${field}`) ? [] : [`nobody saw ${type}.${field}`]),
            ...from.filter((role) => !hidden.has(`${role} ${type}.${field}`)).map((role) => `${role} never came upon ${type}.${field}`),
          ]),
      ),
    );
    expect(empty).toEqual([]);
  });
});

/** Null to all in this restaurant. */
const NOT_MADE_HERE: ReadonlySet<string> = new Set([
  'Campaign.parent',
  'Campaign.stores',
  'Campaign.issuance',
  'Campaign.funding',
  'Voucher.balanceHeld',
  'Voucher.sourceOrder',
  'Order.issued',
  'Workflow.runs',
  'Redemption.funding',
  'Reversal.funding',
]);
