import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { booksAgree } from '../helpers/agree.ts';
import { TestClock } from '../helpers/basics.ts';
import { startTestHub, type TestHub } from '../helpers/hub.ts';
import { createCampaign, createStore, generateCodes, order } from './stage.ts';

// Friday 8 May 2026, 20:00 in Madrid.
const NOW = '2026-05-08T18:00:00.000Z';

let hub: TestHub;
let storeId: string;
let publicKey: string;
const clock = new TestClock(NOW);

beforeAll(async () => {
  hub = await startTestHub({ clock });
  storeId = await createStore(hub);
  publicKey = await hub.keyFor('PUBLIC');
});
afterAll(async () => {
  await booksAgree(hub.database.url);
  await hub.stop();
});

// biome-ignore lint/suspicious/noExplicitAny: inputs of any shape.
type Input = Record<string, any>;

const REFUSED = `code reason publicReason message retryable failures { reason message } nearestBasket { message validFrom validUntil }`;
const VALIDATE = `query ($input: ValidateInput!) { validate(input: $input) { outcomes { __typename ... on Applicable { amount { minor } } ... on Rejection { ${REFUSED} } } } }`;
const REDEEM = `mutation ($input: RedeemInput!) { redeem(input: $input) { __typename ... on Redeemed { redemptions { id amount { minor } } } ... on Refused { rejections { ${REFUSED} } } } }`;

let keys = 0;
const english = { headers: { 'accept-language': 'en' } };

/** A campaign under these conditions, with what asking for one of its codes is answered. */
async function underConditions(conditions: Input, campaign: Input = {}) {
  const id = await createCampaign(hub, { conditions, ...campaign });
  const { codes } = await generateCodes(hub, id);
  const code = (): string => codes.pop() ?? '';
  return {
    id,
    code,
    validate: async (over: Input = {}, asking: Input = english) =>
      (await hub.ask(VALIDATE, { input: { codes: [codes[0]], order: order(storeId, over) } }, asking)).validate.outcomes[0],
    redeem: async (over: Input = {}, more: Input = {}) =>
      (
        await hub.ask(
          REDEEM,
          { input: { idempotencyKey: `condition ${++keys}`, codes: [code()], order: order(storeId, over), ...more } },
          english,
        )
      ).redeem,
  };
}

/** Refused in validate and redeem alike, with this reason; the refusal as validate tells it. */
async function refusedWith(asked: Awaited<ReturnType<typeof underConditions>>, reason: string, over: Input = {}): Promise<Input> {
  const looked = await asked.validate(over);
  expect(looked).toMatchObject({ __typename: 'Rejection', reason });
  expect(await asked.redeem(over)).toMatchObject({ __typename: 'Refused', rejections: [{ reason, message: looked.message }] });
  return looked;
}

async function granted(asked: Awaited<ReturnType<typeof underConditions>>, over: Input = {}): Promise<void> {
  expect(await asked.validate(over)).toMatchObject({ __typename: 'Applicable' });
  expect(await asked.redeem(over)).toMatchObject({ __typename: 'Redeemed' });
}

async function guest(input: Input): Promise<string> {
  const { upsertCustomer } = await hub.ask('mutation ($input: CustomerInput!) { upsertCustomer(input: $input) { id } }', { input });
  return upsertCustomer.id;
}

describe('hours', () => {
  const friday = { windows: [{ weekdays: ['FRI'], from: '22:00', to: '02:00' }] };

  test('WRONG_HOUR says which are open today and when next; placedAt decides', async () => {
    const asked = await underConditions(friday);
    expect(await refusedWith(asked, 'WRONG_HOUR')).toMatchObject({
      publicReason: 'NOT_NOW',
      retryable: true,
      message: 'The voucher is not valid at this time; today it is valid from 22:00 to 02:00.',
      nearestBasket: {
        message: 'Valid from 8 May 2026, 22:00 until 9 May 2026, 02:00.',
        validFrom: '2026-05-08T20:00:00.000Z',
        validUntil: '2026-05-09T00:00:00.000Z',
      },
    });
    // Saturday 01:30 is Friday's business day; 02:00 is over.
    await granted(asked, { placedAt: '2026-05-09T01:30:00+02:00' });
    await refusedWith(asked, 'WRONG_HOUR', { placedAt: '2026-05-09T02:00:00+02:00' });
    await refusedWith(asked, 'WRONG_WEEKDAY', { placedAt: '2026-05-08T01:30:00+02:00' });
  });

  test('WRONG_WEEKDAY in Spanish and for the public', async () => {
    const asked = await underConditions({ windows: [{ weekdays: ['MON', 'TUE'], from: '12:00', to: '12:00' }] });
    expect(await asked.validate({}, { headers: { 'accept-language': 'es' } })).toMatchObject({
      reason: 'WRONG_WEEKDAY',
      message: 'El vale no es válido este día de la semana; lo es los lunes y martes.',
    });
    expect(await asked.validate({}, { key: publicKey, ...english })).toMatchObject({
      reason: null,
      publicReason: 'NOT_NOW',
      message: 'This voucher cannot be used now. Valid from 11 May 2026, 04:00 until 13 May 2026, 04:00.',
      failures: null,
    });
    await granted(asked, { placedAt: '2026-05-12T01:59:00Z' });
  });

  test('BLACKOUT_DAY is a business day', async () => {
    const asked = await underConditions({ blackoutDays: ['2026-05-08'] });
    expect(await refusedWith(asked, 'BLACKOUT_DAY', { placedAt: '2026-05-09T03:00:00+02:00' })).toMatchObject({
      message: 'The campaign "Ten off" leaves 8 May 2026 out.',
      nearestBasket: { validFrom: '2026-05-09T02:00:00.000Z', validUntil: null },
    });
    await granted(asked, { placedAt: '2026-05-09T04:00:00+02:00' });
  });

  test('those of a main campaign bind its subs', async () => {
    const main = await createCampaign(hub, { incentive: null, conditions: friday });
    const asked = await underConditions({ windows: [{ weekdays: ['FRI'], from: '18:00', to: '23:00' }] }, { parentId: main });
    expect(await refusedWith(asked, 'WRONG_HOUR')).toMatchObject({
      nearestBasket: { validFrom: '2026-05-08T20:00:00.000Z', validUntil: '2026-05-08T21:00:00.000Z' },
    });
    await granted(asked, { placedAt: '2026-05-08T22:30:00+02:00' });
  });
});

describe('WRONG_PAYMENT_METHOD', () => {
  test('asks for one payment by one of the methods, and for a word about it', async () => {
    const asked = await underConditions({ paymentMethods: ['Bizum', 'Card'] });
    expect(await refusedWith(asked, 'WRONG_PAYMENT_METHOD', { payments: [{ method: 'CASH', amount: 2500 }] })).toMatchObject({
      publicReason: 'NOT_THIS_BASKET',
      message: 'The voucher is valid for payment by Bizum or Card only.',
    });
    expect((await refusedWith(asked, 'WRONG_PAYMENT_METHOD'))['message']).toBe(
      'The voucher is valid for payment by Bizum or Card: say how the order is paid.',
    );
    await granted(asked, {
      payments: [
        { method: 'cash', amount: 500 },
        { method: ' card ', amount: 2000 },
      ],
    });
  });
});

describe('the customer', () => {
  test('CUSTOMER_GROUP_EXCLUDED; who is not known passes', async () => {
    const id = await guest({ phone: '+34610111001', groups: ['staff', 'vip'] });
    const asked = await underConditions({ excludedGroups: ['staff'] });
    expect(await refusedWith(asked, 'CUSTOMER_GROUP_EXCLUDED', { customer: { id } })).toMatchObject({
      publicReason: 'NOT_USABLE',
      message: 'Customers of the group "staff" are left out.',
      nearestBasket: null,
    });
    await granted(asked);
    await granted(asked, { customer: { phone: '+34610111002' } });
  });

  test('OUTSIDE_BIRTHDAY_WINDOW says when; the public learns nothing by it', async () => {
    const asked = await underConditions({ birthdayWindow: { daysBefore: 3, daysAfter: 0 } });
    const soon = await guest({ phone: '+34610111003', birthday: '1990-05-20', anniversary: '2015-05-08' });
    expect(await refusedWith(asked, 'OUTSIDE_BIRTHDAY_WINDOW', { customer: { id: soon } })).toMatchObject({
      message: "The voucher is valid from 3 days before the customer's birthday to the day itself.",
      retryable: true,
      nearestBasket: { validFrom: '2026-05-17T02:00:00.000Z', validUntil: '2026-05-21T02:00:00.000Z' },
    });
    expect(await asked.validate({ customer: { phone: '+34610111003' } }, { key: publicKey, ...english })).toMatchObject({
      publicReason: 'NOT_USABLE',
      message: 'This code cannot be used.',
      nearestBasket: null,
    });
    const today = await guest({ phone: '+34610111004', birthday: '1984-05-10' });
    await granted(asked, { customer: { id: today } });
    expect((await refusedWith(asked, 'OUTSIDE_BIRTHDAY_WINDOW', { customer: { phone: '+34610111005' } }))['message']).toBe(
      "The customer's birthday is not known.",
    );
    expect(await refusedWith(asked, 'CUSTOMER_REQUIRED')).toMatchObject({ publicReason: 'SIGN_IN' });
    const yearly = await underConditions({ anniversaryWindow: { daysBefore: 0, daysAfter: 0 } });
    await granted(yearly, { customer: { id: soon } });
    await refusedWith(yearly, 'OUTSIDE_ANNIVERSARY_WINDOW', { customer: { id: soon }, placedAt: '2026-05-09T04:00:00+02:00' });
  });

  test('born on 29 February has the 28th in a common year', async () => {
    const id = await guest({ phone: '+34610111006', birthday: '2000-02-29' });
    const asked = await underConditions({ birthdayWindow: { daysBefore: 0, daysAfter: 0 } });
    await granted(asked, { customer: { id }, placedAt: '2027-02-28T12:00:00+01:00' });
    await refusedWith(asked, 'OUTSIDE_BIRTHDAY_WINDOW', { customer: { id }, placedAt: '2027-03-01T12:00:00+01:00' });
    await granted(asked, { customer: { id }, placedAt: '2028-02-29T12:00:00+01:00' });
  });

  test('NOT_FIRST_ORDER: once a customer has ordered, and never for a phone that nobody knows', async () => {
    const asked = await underConditions({ firstOrderOnly: true });
    const customer = { phone: '+34610111007' };
    await granted(asked, { customer });
    expect(await refusedWith(asked, 'NOT_FIRST_ORDER', { customer })).toMatchObject({
      publicReason: 'NOT_USABLE',
      message: 'The voucher is for the first order of a customer; this one has ordered already.',
    });
  });

  test('reads back with the dates that were put in, but for tills', async () => {
    const id = await guest({ phone: '+34610111008', birthday: '1990-05-20', anniversary: '2015-06-06' });
    const query = 'query ($id: ID!) { customer(id: $id) { id birthday anniversary } }';
    expect((await hub.ask(query, { id })).customer).toEqual({ id, birthday: '1990-05-20', anniversary: '2015-06-06' });
    const key = await hub.keyFor('TILL', { storeIds: [storeId] });
    expect((await hub.ask(query, { id }, { key })).customer).toEqual({ id, birthday: null, anniversary: null });
  });
});

describe('an expression', () => {
  test('CONDITION_NOT_MET where it does not hold, and where what it asks for is not there', async () => {
    const asked = await underConditions({
      expression: '"vip" in customer.groups && order.lines.exists(l, l.sku == "pizza" && l.quantity >= 2.0)',
    });
    const id = await guest({ phone: '+34610111009', groups: ['vip'] });
    await granted(asked, { customer: { id } });
    expect(await refusedWith(asked, 'CONDITION_NOT_MET', { customer: { phone: '+34610111010' } })).toMatchObject({
      publicReason: 'NOT_USABLE',
      message: 'The order does not meet a condition of the campaign "Ten off".',
    });
    await refusedWith(asked, 'CONDITION_NOT_MET');
  });

  test.each([
    ['order.channel = "ONLINE"', /line 1/],
    ['order.chanel == "ONLINE"', /chanel.*line 1, column/],
    ['order.due.minor', /bool/],
  ])('that is not sound is not stored: %s', async (expression, message) => {
    const { errors } = await hub.graphql('mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) { id } }', {
      input: { name: 'x', incentive: { percentOff: { percent: '10' } }, conditions: { expression } },
    });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: 'input.conditions.expression' });
    expect(errors?.[0]?.message).toMatch(message);
  });
});

describe('a hold', () => {
  test('that is redeemed is asked anew: the customer and the payment of then', async () => {
    const asked = await underConditions({ firstOrderOnly: true, paymentMethods: ['CARD'] });
    const basket = order(storeId, { customer: { phone: '+34610111011' }, payments: [{ method: 'CARD', amount: 2250 }] });
    const { hold } = await hub.ask(
      'mutation ($input: HoldInput!) { hold(input: $input) { ... on Held { hold { id } } ... on Refused { rejections { reason } } } }',
      {
        input: { idempotencyKey: 'hold of conditions', codes: [asked.code()], order: basket },
      },
    );
    const redeem = (over: Input) =>
      hub.ask(REDEEM, { input: { idempotencyKey: `held ${++keys}`, holdId: hold.hold.id, order: { ...basket, ...over } } }, english);
    expect((await redeem({ payments: [{ method: 'CASH', amount: 2250 }] })).redeem).toMatchObject({
      rejections: [{ reason: 'WRONG_PAYMENT_METHOD' }],
    });
    expect((await redeem({})).redeem).toMatchObject({ __typename: 'Redeemed' });
  });
});

test('all conditions read back as they were put in', async () => {
  const { createSegment } = await hub.ask('mutation { createSegment(input: { name: "VIP", customerIds: [] }) { id } }');
  const conditions = {
    minimumOrder: 1000,
    maximumOrder: 9000,
    customerRequired: true,
    segmentIds: [createSegment.id],
    excludedGroups: ['staff'],
    channels: ['DINE_IN'],
    paymentMethods: ['CARD'],
    windows: [{ weekdays: ['FRI', 'SAT'], from: '22:00', to: '02:00' }],
    blackoutDays: ['2026-12-24'],
    birthdayWindow: { daysBefore: 3, daysAfter: 3 },
    anniversaryWindow: { daysBefore: 0, daysAfter: 1 },
    firstOrderOnly: true,
    expression: 'order.channel == "DINE_IN"',
  };
  const { id } = await underConditions(conditions);
  const { campaign } = await hub.ask(
    `query ($id: ID!) { campaign(id: $id) { conditions { minimumOrder maximumOrder customerRequired segmentIds excludedGroups channels paymentMethods
       windows { weekdays from to } blackoutDays birthdayWindow { daysBefore daysAfter } anniversaryWindow { daysBefore daysAfter } firstOrderOnly expression } } }`,
    { id },
  );
  expect(campaign.conditions).toEqual(conditions);
});
