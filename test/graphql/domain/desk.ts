import { TestClock } from '../../helpers/basics.ts';
import { type Asking, startTestHub, type TestHub, type TestHubOptions } from '../../helpers/hub.ts';
import { createStore } from '../stage.ts';

// biome-ignore lint/suspicious/noExplicitAny: inputs and answers of any shape; a test names the members that matter.
export type Any = any;
export type Input = Record<string, Any>;

/** Friday 8 May 2026, 20:00 in Madrid. */
export const FRIDAY = '2026-05-08T18:00:00.000Z';

const MONEY = '{ minor currency }';
const SHARES = '{ lineId unit taxRate amount { minor } }';
export const PRICED = `{ subtotal { minor } lineDiscounts { minor } voucherDiscounts { minor } tendered { minor } tax { rate base { minor } tax { minor } } due { minor } lines { lineId gross { minor } discount { minor } due { minor } locked } }`;
export const REFUSAL = `id code reason publicReason message retryable
  failures { reason message limit { counts per period max used held heldUntil resetsAt } }
  nearestBasket { message addAmount ${MONEY} addQuantity eligibleSkus validFrom validUntil storeIds }
  orderSource orderExternalId`;
const REDEMPTION = `id code kind taxClass amount ${MONEY} businessDay allocations ${SHARES} voucher { id status balance { minor } }`;
const REFUSED = `... on Refused { replayed rejections { ${REFUSAL} } }`;

const VALIDATE = `query ($input: ValidateInput!) { validate(input: $input) {
  order ${PRICED}
  outcomes { __typename ... on Applicable { kind taxClass amount ${MONEY} allocations ${SHARES} voucher { code } } ... on Rejection { ${REFUSAL} } }
} }`;
const REDEEM = `mutation ($input: RedeemInput!) { redeem(input: $input) {
  __typename ... on Redeemed { replayed redemptions { ${REDEMPTION} } order ${PRICED} } ${REFUSED}
} }`;
const HOLD_FIELDS = `{ id status codes createdAt expiresAt order ${PRICED} }`;
const HOLD = `mutation ($input: HoldInput!) { hold(input: $input) { __typename ... on Held { replayed hold ${HOLD_FIELDS} } ${REFUSED} } }`;
const EXTEND = `mutation ($id: ID!, $ttlSeconds: Int!) { extendHold(id: $id, ttlSeconds: $ttlSeconds) { __typename ... on Held { hold ${HOLD_FIELDS} } ${REFUSED} } }`;
const RELEASE = `mutation ($id: ID!) { releaseHold(id: $id) ${HOLD_FIELDS} }`;
const REVERSE = `mutation ($input: ReverseInput!) { reverse(input: $input) {
  __typename
  ... on Reversed { replayed reversals { id amount ${MONEY} businessDay allocations ${SHARES} voucher { status } redemption { id code } } }
  ${REFUSED}
} }`;
const ISSUE = `mutation ($input: IssueVoucherInput!) { issueVoucher(input: $input) {
  __typename ... on Issued { replayed voucher { id code status customer { id } validFrom validUntil } } ${REFUSED}
} }`;
const RECORD = `mutation ($input: OrderInput!) { recordOrder(input: $input) { id businessDay customer { id } priced ${PRICED} redemptions { id code } } }`;
const COUNTS = `query ($id: ID!) { campaign(id: $id) { status counts { codes issued redeemed reversed rejected } budget { used { minor } held { minor } left { minor } } } }`;

/** A hub with a store in Seville, and the till at its counter: every call is one over HTTP. */
export class Desk {
  readonly hub: TestHub;
  readonly clock: TestClock;
  readonly storeId: string;
  #made = 0;

  constructor(hub: TestHub, clock: TestClock, storeId: string) {
    this.hub = hub;
    this.clock = clock;
    this.storeId = storeId;
  }

  key(): string {
    this.#made += 1;
    return `key ${this.#made}`;
  }

  order(over: Input = {}): Input {
    this.#made += 1;
    const lines = [{ id: 'menu', sku: 'menu', quantity: '2', unitPrice: 1_000 }];
    return { externalId: `check ${this.#made}`, storeId: this.storeId, currency: 'EUR', lines, ...over };
  }

  /** Left out: active, 10 % off the order. */
  async campaign({ active = true, ...input }: Input = {}): Promise<string> {
    const incentive = { percentOff: { percent: '10' } };
    const { createCampaign } = await this.hub.ask('mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) { id } }', {
      input: { name: 'Mayo', incentive, ...input },
    });
    if (active) await this.#deed('activateCampaign', createCampaign.id);
    return createCampaign.id;
  }

  pause = (id: string) => this.#deed('pauseCampaign', id);
  end = (id: string) => this.#deed('endCampaign', id);

  async codesOf(campaignId: string, count = 1, pattern: Input = {}): Promise<string[]> {
    this.#made += 1;
    const { generateCodes } = await this.hub.ask(
      'mutation ($input: GenerateCodesInput!) { generateCodes(input: $input) { sample(first: 100) } }',
      { input: { campaignId, idempotencyKey: this.key(), count, random: { prefix: `Q${this.#made}Z` }, ...pattern } },
    );
    return generateCodes.sample;
  }

  /** A code of a campaign of its own. */
  async code(input: Input = {}): Promise<string> {
    return (await this.codesOf(await this.campaign(input)))[0] ?? '';
  }

  /** A word for all of a campaign of its own. */
  async word(input: Input = {}): Promise<string> {
    this.#made += 1;
    const shared = `WORD${this.#made}`;
    await this.codesOf(await this.campaign(input), 1, { random: null, shared });
    return shared;
  }

  async guest(input: Input = {}): Promise<string> {
    this.#made += 1;
    const phone = `+346${String(this.#made).padStart(8, '0')}`;
    const { upsertCustomer } = await this.hub.ask('mutation ($input: CustomerInput!) { upsertCustomer(input: $input) { id } }', {
      input: { phone, ...input },
    });
    return upsertCustomer.id;
  }

  async validate(codes: readonly string[], order: Input, more: Input = {}, asking?: Asking): Promise<Any> {
    return (await this.hub.ask(VALIDATE, { input: { codes, order, ...more } }, asking)).validate;
  }
  async redeem(codes: readonly string[] | null, order: Input, more: Input = {}, asking?: Asking): Promise<Any> {
    return (await this.hub.ask(REDEEM, { input: { idempotencyKey: this.key(), codes, order, ...more } }, asking)).redeem;
  }
  async hold(codes: readonly string[], order: Input, more: Input = {}, asking?: Asking): Promise<Any> {
    return (await this.hub.ask(HOLD, { input: { idempotencyKey: this.key(), codes, order, ...more } }, asking)).hold;
  }
  async extend(id: string, ttlSeconds: number, asking?: Asking): Promise<Any> {
    return (await this.hub.ask(EXTEND, { id, ttlSeconds }, asking)).extendHold;
  }
  async release(id: string): Promise<Any> {
    return (await this.hub.ask(RELEASE, { id })).releaseHold;
  }
  async reverse(input: Input, asking?: Asking): Promise<Any> {
    return (await this.hub.ask(REVERSE, { input: { idempotencyKey: this.key(), reason: 'returned', ...input } }, asking)).reverse;
  }
  async issue(campaignId: string, customer: Input, more: Input = {}, asking?: Asking): Promise<Any> {
    return (await this.hub.ask(ISSUE, { input: { idempotencyKey: this.key(), campaignId, customer, ...more } }, asking)).issueVoucher;
  }
  async record(order: Input, asking?: Asking): Promise<Any> {
    return (await this.hub.ask(RECORD, { input: order }, asking)).recordOrder;
  }
  async counts(id: string): Promise<Any> {
    return (await this.hub.ask(COUNTS, { id })).campaign;
  }
  async voucher(code: string): Promise<Any> {
    return (await this.hub.ask('query ($code: String) { voucher(code: $code) { id status balance { minor } } }', { code })).voucher;
  }
  async status(code: string): Promise<string> {
    return (await this.voucher(code)).status;
  }
  async mark(deed: 'blockVoucher' | 'cancelVoucher', code: string): Promise<void> {
    const { id } = await this.voucher(code);
    await this.hub.ask(`mutation ($id: ID!) { ${deed}(id: $id, reason: "lost") { id } }`, { id });
  }

  /** The faults of a request that is expected to have some, as "CODE path". */
  async faults(query: string, variables: Input, asking?: Asking): Promise<string[]> {
    const { errors = [] } = await this.hub.graphql(query, variables, asking);
    return errors.flatMap(({ extensions: { code, path, faults } }) =>
      faults ? faults.map((fault) => `${code} ${fault.path}`) : [path === undefined ? code : `${code} ${path}`],
    );
  }
  faultsOf = {
    redeem: (codes: readonly string[] | null, order: Input, more: Input = {}, asking?: Asking) =>
      this.faults(REDEEM, { input: { idempotencyKey: this.key(), codes, order, ...more } }, asking),
    validate: (codes: readonly string[], order: Input, asking?: Asking) => this.faults(VALIDATE, { input: { codes, order } }, asking),
    hold: (codes: readonly string[], order: Input, more: Input = {}) =>
      this.faults(HOLD, { input: { idempotencyKey: this.key(), codes, order, ...more } }),
    extend: (id: string, ttlSeconds: number) => this.faults(EXTEND, { id, ttlSeconds }),
    reverse: (input: Input) => this.faults(REVERSE, { input: { idempotencyKey: this.key(), reason: 'returned', ...input } }),
    record: (order: Input, asking?: Asking) => this.faults(RECORD, { input: order }, asking),
  };

  #deed(name: string, id: string): Promise<Any> {
    return this.hub.ask(`mutation ($id: ID!) { ${name}(id: $id) { status } }`, { id });
  }
}

export async function openDesk(options: TestHubOptions = {}): Promise<Desk> {
  const clock = new TestClock(FRIDAY);
  const hub = await startTestHub({ clock, ...options });
  const storeId = await createStore(hub, { name: 'Sevilla', taxRates: [{ group: 'alcohol', rate: '21' }] });
  return new Desk(hub, clock, storeId);
}

export const off = (minor: number, scope?: Input): Input => ({
  amountOff: { amount: { minor, currency: 'EUR' }, ...(scope && { scope }) },
});
export const part = (minor: number): Input => ({ tender: { value: { minor, currency: 'EUR' } } });
export const card = (minor: number): Input => ({ giftBalance: { value: { minor, currency: 'EUR' } } });
export const limit = (per: string, max: number, over: Input = {}): Input => ({ counts: 'REDEMPTIONS', per, max, ...over });
export const reasons = (answer: Any): string[] => answer.rejections.map(({ reason }: Any) => reason);
export const amounts = (answer: Any): number[] => answer.redemptions.map(({ amount }: Any) => amount.minor);
