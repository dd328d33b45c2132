import { randomUUID } from 'node:crypto';
import type { Actor } from '../../src/domain/access/roles.ts';
import type { CampaignDraft, CampaignRecord, Limit } from '../../src/domain/campaign/campaign.types.ts';
import type { Incentive } from '../../src/domain/campaign/incentive.types.ts';
import type { GenerateCodesDraft } from '../../src/domain/code/code.types.ts';
import { type Hub, openHub } from '../../src/domain/hub.ts';
import type { BasketLine } from '../../src/domain/order/basket.types.ts';
import type {
  HoldAnswer,
  HoldRecord,
  OrderDraft,
  RedeemAnswer,
  RedemptionRecord,
  RejectionRecord,
  ReversalRecord,
  ReverseAnswer,
} from '../../src/domain/redemption/redemption.types.ts';
import type { StoreDraft, StoreTerms } from '../../src/domain/store/store.types.ts';
import { actor, silent, TestClock } from './basics.ts';
import { createTestDatabase, type TestDatabase } from './postgres.ts';

/** Hubs on one database must have one secret, or they would not know each other's codes. */
export const TEST_SECRET = Buffer.alloc(32, 7);
export const ADMIN: Actor = actor('ADMIN');

export interface TestHub {
  readonly hub: Hub;
  readonly clock: TestClock;
  readonly database: TestDatabase;
  /** Another process on the same database and at the same time, as far as the database can tell. */
  twin(): Promise<Hub>;
  /** Closes the hub and its twins; drops the database if it was made here. */
  close(): Promise<void>;
}

export async function openTestHub(given: { clock?: TestClock; database?: TestDatabase } = {}): Promise<TestHub> {
  const database = given.database ?? (await createTestDatabase());
  const clock = given.clock ?? new TestClock();
  const open = () => openHub({ databaseUrl: database.url, secretKey: TEST_SECRET, clock, log: silent, attemptsPerMinute: 20 });
  const hub = await open();
  const twins: Hub[] = [];
  return {
    hub,
    clock,
    database,
    twin: async () => {
      const twin = await open();
      twins.push(twin);
      return twin;
    },
    close: async () => {
      for (const one of [...twins, hub]) await one.close();
      if (!given.database) await database.drop();
    },
  };
}

export const aStore = (hub: Hub, draft: Partial<StoreDraft> = {}): Promise<StoreTerms> =>
  hub.stores.create(ADMIN, { name: 'Sevilla', ...draft });

export const percent = (text: string): Incentive => ({ percentOff: { percent: text } });
export const amount = (minor: number): Incentive => ({ amountOff: { amount: { minor, currency: 'EUR' } } });
export const tender = (minor: number): Incentive => ({ tender: { value: { minor, currency: 'EUR' } } });
export const limit = (per: Limit['per'], max: number, over: Partial<Limit> = {}): Limit => ({
  counts: 'REDEMPTIONS',
  per,
  period: 'EVER',
  max,
  ...over,
});

/** Active, ten percent off the whole order unless told otherwise. A main campaign: `incentive: null`. */
export async function aCampaign(hub: Hub, draft: Partial<CampaignDraft> = {}): Promise<CampaignRecord> {
  const campaign = await hub.campaigns.create(ADMIN, { name: 'Primavera', incentive: percent('10'), ...draft });
  return hub.campaigns.activate(ADMIN, campaign.id);
}

/** Codes of a campaign: random ones of 15 characters unless told otherwise. */
export async function codesOf(
  hub: Hub,
  campaignId: string,
  count = 1,
  how: Partial<GenerateCodesDraft> = { random: { prefix: 'DV' } },
): Promise<string[]> {
  const batch = await hub.codes.generate(ADMIN, { campaignId, idempotencyKey: randomUUID(), count, ...how });
  return hub.codes.sample(batch, count);
}

/** A word for all, nobody else's. */
export async function sharedWord(hub: Hub, campaignId: string): Promise<string> {
  const word = `WORD${randomUUID().replaceAll('-', '').toUpperCase()}`.slice(0, 20);
  await hub.codes.generate(ADMIN, { campaignId, idempotencyKey: randomUUID(), count: 1, shared: word });
  return word;
}

/** `line('paella', 1450, { quantity: '2' })`: the id is the sku unless it is given. */
export const line = (sku: string, unitPrice: number, over: Partial<BasketLine> = {}): BasketLine => ({
  id: sku,
  sku,
  name: null,
  group: null,
  brand: null,
  quantity: '1',
  unitPrice,
  discount: 0,
  taxRate: null,
  ...over,
});

/** An order of its own for 20.00 unless told otherwise. */
export const anOrder = (storeId: string, over: Partial<OrderDraft> = {}): OrderDraft => ({
  externalId: randomUUID(),
  source: 'api',
  revision: null,
  storeId,
  channel: 'DINE_IN',
  placedAt: null,
  currency: 'EUR',
  pricesIncludeTax: true,
  customer: null,
  lines: [line('paella', 2_000)],
  payments: [],
  ...over,
});

interface Asked {
  readonly order: OrderDraft;
  /** Of its own if left out. */
  readonly key?: string;
  readonly as?: Actor;
  readonly tillId?: string | null;
}

export function redeem(hub: Hub, ask: Asked & { readonly codes?: readonly string[]; readonly holdId?: string }): Promise<RedeemAnswer> {
  const { order, key = randomUUID(), as = ADMIN, tillId = null, codes = null, holdId = null } = ask;
  return hub.desk.redeem(as, { idempotencyKey: key, holdId, codes, order, tillId, staffId: null, entryMode: 'SCANNED' });
}

export function hold(hub: Hub, ask: Asked & { readonly codes: readonly string[]; readonly ttlSeconds?: number }): Promise<HoldAnswer> {
  const { order, key = randomUUID(), as = ADMIN, tillId = null, codes, ttlSeconds = 600 } = ask;
  return hub.desk.hold(as, { idempotencyKey: key, codes, order, tillId, staffId: null, ttlSeconds });
}

export function reverse(
  hub: Hub,
  ask: {
    readonly redemptionId?: string;
    readonly redeemKey?: string;
    readonly units?: readonly { lineId: string; quantity: string }[];
    readonly amount?: number;
    readonly key?: string;
    readonly as?: Actor;
  },
): Promise<ReverseAnswer> {
  const { redemptionId = null, redeemKey = null, units = null, key = randomUUID(), as = ADMIN } = ask;
  return hub.desk.reverse(as, { idempotencyKey: key, redemptionId, redeemKey, units, amount: ask.amount ?? null, reason: 'returned' });
}

export type Redeemed = Extract<RedeemAnswer, { kind: 'redeemed' }>;

/** The answer as a success; a refusal fails the test with its reasons. */
export function redeemed(answer: RedeemAnswer): Redeemed {
  if (answer.kind !== 'redeemed') throw new Error(`Refused: ${reasonsOf(answer).join(', ')}`);
  return answer;
}

/** The one redemption of an answer. */
export function theRedemption(answer: RedeemAnswer): RedemptionRecord {
  const [only, ...more] = redeemed(answer).redemptions;
  if (!only || more.length > 0) throw new Error(`${more.length + 1} redemptions instead of one.`);
  return only;
}

export function held(answer: HoldAnswer): HoldRecord {
  if (answer.kind !== 'held') throw new Error(`Refused: ${reasonsOf(answer).join(', ')}`);
  return answer.hold;
}

export function reversals(answer: ReverseAnswer): readonly ReversalRecord[] {
  if (answer.kind !== 'reversed') throw new Error(`Refused: ${reasonsOf(answer).join(', ')}`);
  return answer.reversals;
}

type Answer = RedeemAnswer | HoldAnswer | ReverseAnswer;

export function rejections(answer: Answer): readonly RejectionRecord[] {
  if (answer.kind !== 'refused') throw new Error(`Not refused: ${JSON.stringify(answer)}`);
  return answer.rejections;
}

/** The headline reason of each refused code; of a success none. */
export const reasonsOf = (answer: Answer): string[] =>
  answer.kind === 'refused' ? answer.rejections.map((rejection) => rejection.reason) : [];

/** Rows of a table, for what no door shows. */
export async function rowsOf<Row extends object>(hub: Hub, text: string, values: unknown[] = []): Promise<Row[]> {
  return (await hub.database.pool.query<Row>(text, values)).rows;
}

/** What a counter stands at; nothing where nobody touched it. */
export async function counterAt(hub: Hub, key: string): Promise<{ used: number; held: number }> {
  return (
    (await rowsOf<{ used: number; held: number }>(hub, 'select used, held from counter where key = $1', [key]))[0] ?? { used: 0, held: 0 }
  );
}
