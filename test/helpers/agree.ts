import { createHash } from 'node:crypto';
import { expect } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import pg from 'pg';
import { ledgerJsonSchema } from '../../src/domain/ledger/ledger-schema.ts';
import { eventually } from './basics.ts';

// The books compared, from the rows alone and with nothing of the code that wrote them: each sum is made twice, by two ways.

interface Use {
  readonly key: string;
  readonly delta: number;
  readonly max: number | null;
}
interface Redemption {
  readonly id: string;
  readonly campaignId: string;
  readonly mainId: string | null;
  readonly place: string;
  readonly kind: string;
  readonly amount: number;
  readonly reversed: number;
  readonly undone: boolean;
  readonly taken: readonly Use[];
}
interface Hold {
  readonly id: string;
  readonly status: string;
  readonly content: { readonly vouchers: readonly { readonly patternId: number; readonly index: number; readonly campaignId: string }[]; readonly counters: readonly Use[] };
}
interface Event {
  readonly position: number;
  readonly hash: string;
  readonly previousHash: string;
  readonly type: string;
  readonly at: string;
  readonly businessDay: string | null;
  readonly storeId: string | null;
  readonly campaignId: string | null;
  readonly code: string | null;
  readonly amount: number | null;
  readonly currency: string | null;
  readonly data: Record<string, unknown>;
  readonly redemptionId: string | null;
  readonly reversalId: string | null;
}

/** Waits until all that was committed is sealed, then compares tables, counters and ledger; throws what does not agree. */
export async function booksAgree(databaseUrl: string): Promise<void> {
  // Numbers as they are: what these tests write stays far below 2^53.
  const client = new pg.Client({ connectionString: databaseUrl, types: { getTypeParser: (oid: number) => (oid === 20 ? Number : oid === 1082 ? String : pg.types.getTypeParser(oid)) } });
  await client.connect();
  try {
    const rows = async <Row>(text: string): Promise<Row[]> => (await client.query(text)).rows as Row[];
    await eventually(async () => expect(await rows('select id from ledger_intake limit 1')).toEqual([]));
    await client.query('begin isolation level repeatable read');
    const redemptions = await rows<Redemption>(
      `select redemption.id, campaign_id as "campaignId", parent_id as "mainId", pattern_id || ':' || idx as place, kind, amount, reversed, undone, taken from redemption join campaign on campaign.id = campaign_id`,
    );
    const holds = await rows<Hold>('select id, status, content from hold');
    const events = await readBook(rows);
    checkChain(events, (await rows<{ position: number; hash: string }>('select position, hash from ledger_head'))[0]);
    checkData(events);
    await checkCounters(rows, redemptions, holds, events);
    await checkVouchers(rows, redemptions, holds);
    await checkAllocations(rows, redemptions);
    await checkEvents(rows, redemptions, holds, events);
    await checkKeys(rows);
  } finally {
    await client.end();
  }
}

type Rows = <Row>(text: string) => Promise<Row[]>;

const readBook = (rows: Rows): Promise<Event[]> =>
  rows<Event>(
    `select position, hash, previous_hash as "previousHash", type, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, business_day as "businessDay", store_id as "storeId",
       campaign_id as "campaignId", code, amount, currency, data, redemption_id as "redemptionId", reversal_id as "reversalId" from ledger_event order by position`,
  );

/** RFC 8785, written anew: members by UTF-16 code units, numbers and strings as ECMAScript writes them. */
function jcs(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jcs).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${jcs(member)}`).join(',')}}`;
}

export function checkChain(events: readonly Event[], head: { position: number; hash: string } | undefined): void {
  let previous = '0'.repeat(64);
  events.forEach((event, at) => {
    const { type, businessDay, storeId, campaignId, code, data } = event;
    if (event.position !== at + 1) throw new Error(`Position ${at + 1} of the book is ${event.position}.`);
    if (event.previousHash !== previous) throw new Error(`Position ${event.position} does not hang on the one before.`);
    if (event.amount !== null && !(event.amount >= 0)) throw new Error(`Position ${event.position} has the amount ${event.amount}.`);
    const amount = event.amount === null ? null : { currency: event.currency, minor: event.amount };
    const hashed = jcs({ position: event.position, type, at: event.at, businessDay, storeId, campaignId, code, amount, data });
    previous = createHash('sha256').update(`${previous}\n${hashed}`).digest('hex');
    if (event.hash !== previous) throw new Error(`Position ${event.position} has the hash ${event.hash} instead of ${previous}.`);
  });
  expect(head).toEqual({ position: events.length, hash: previous });
}

/** Every event's data follows the published schema, and holds no member that the schema does not tell of. */
function checkData(events: readonly Event[]): void {
  const schema = ledgerJsonSchema() as { $defs: Record<string, { properties: Record<string, unknown> }> };
  const validate = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, formats: { 'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/ } }).compile(schema);
  for (const { position, type, data } of events) {
    if (!validate({ type, data })) throw new Error(`Position ${position}, ${type}: ${JSON.stringify(validate.errors)} in ${JSON.stringify(data)}`);
    const told = schema.$defs[type]?.properties;
    if (!told) throw new Error(`The schema knows no ${type}.`);
    const untold = type === 'CUSTOM' ? [] : Object.keys(data).filter((member) => !Object.hasOwn(told, member));
    if (untold.length > 0) throw new Error(`Position ${position}, ${type}: the schema does not tell of ${untold.join(', ')}.`);
  }
}

class Sums {
  readonly #sums = new Map<string, number>();
  add(key: string, n: number): void {
    this.#sums.set(key, (this.#sums.get(key) ?? 0) + n);
  }
  /** Only what is not nothing. */
  shown(): Record<string, number> {
    return Object.fromEntries([...this.#sums].filter(([, n]) => n !== 0).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

const isAmount = (key: string): boolean => key.startsWith('budget:') || key.includes(':DISCOUNT_AMOUNT:');

async function checkCounters(rows: Rows, redemptions: readonly Redemption[], holds: readonly Hold[], events: readonly Event[]): Promise<void> {
  const used = new Sums();
  const held = new Sums();
  const ceilings = new Map<string, number>();
  for (const redemption of redemptions) {
    for (const { key, delta, max } of redemption.taken) {
      if (max !== null) ceilings.set(key, Math.max(ceilings.get(key) ?? 0, max));
      if (isAmount(key)) used.add(key, delta - redemption.reversed);
      else if (key.startsWith('limit:') && !redemption.undone) used.add(key, delta);
    }
    used.add(`count:${redemption.campaignId}:redeemed`, 1);
    if (redemption.undone) used.add(`count:${redemption.campaignId}:reversed`, 1);
  }
  for (const hold of holds) if (hold.status === 'ACTIVE') for (const { key, delta } of hold.content.counters) held.add(key, delta);
  const rejected = await rows<{ id: string; n: number }>("select campaign_id as id, count(*) as n from rejection where action in ('REDEEM', 'HOLD') and campaign_id is not null group by 1");
  for (const { id, n } of rejected) used.add(`count:${id}:rejected`, n);
  for (const event of events) if (event.type === 'VOUCHER_ISSUED') used.add(`count:${event.campaignId}:issued`, 1);
  const stored = { used: new Sums(), held: new Sums() };
  // Limits on issued vouchers have no rows to be summed up from.
  for (const row of await rows<{ key: string; used: number; held: number }>("select key, used, held from counter where key not like 'limit:%:ISSUED:%'")) {
    stored.used.add(row.key, row.used);
    stored.held.add(row.key, row.held);
    const ceiling = ceilings.get(row.key);
    if (ceiling !== undefined && row.used + row.held > ceiling) throw new Error(`${row.key} stands at ${row.used} + ${row.held} held, above ${ceiling}.`);
  }
  expect({ used: stored.used.shown(), held: stored.held.shown() }).toEqual({ used: used.shown(), held: held.shown() });
  // The same budgets by the other way: what the book says that each campaign gave and got back, mains with their subs.
  const byBook = new Sums();
  const mains = new Map((await rows<{ id: string; mainId: string | null }>('select id, parent_id as "mainId" from campaign')).map(({ id, mainId }) => [id, mainId]));
  for (const event of events) {
    const sign = event.type === 'VOUCHER_REDEEMED' ? 1 : event.type === 'REDEMPTION_REVERSED' ? -1 : 0;
    if (sign === 0 || event.campaignId === null) continue;
    for (const id of [event.campaignId, mains.get(event.campaignId)]) if (id) byBook.add(`budget:${id}`, sign * (event.amount ?? 0));
  }
  const budgets = Object.entries(stored.used.shown()).filter(([key]) => key.startsWith('budget:'));
  for (const [key, n] of budgets) if (byBook.shown()[key] !== n) throw new Error(`${key} stands at ${n}, the book says ${byBook.shown()[key]}.`);
}

async function checkVouchers(rows: Rows, redemptions: readonly Redemption[], holds: readonly Hold[]): Promise<void> {
  const uses = new Sums();
  const set = new Sums();
  for (const { place, undone } of redemptions) if (!undone) uses.add(place, 1);
  for (const hold of holds) if (hold.status === 'ACTIVE') for (const { patternId, index } of hold.content.vouchers) set.add(`${patternId}:${index}`, 1);
  const stored = { uses: new Sums(), holds: new Sums() };
  const vouchers = await rows<{ place: string; uses: number; holds: number; max: number | null; status: string }>("select pattern_id || ':' || idx as place, uses, holds, max_uses as max, status from voucher");
  for (const voucher of vouchers) {
    stored.uses.add(voucher.place, voucher.uses);
    stored.holds.add(voucher.place, voucher.holds);
    const { uses: n, max, status } = voucher;
    if (max !== null && n + voucher.holds > max) throw new Error(`Voucher ${voucher.place} has ${n} uses and ${voucher.holds} holds, more than ${max}.`);
    if ((status === 'REDEEMED') !== (max !== null && n >= max)) throw new Error(`Voucher ${voucher.place} is ${status} with ${n} of ${max} uses.`);
  }
  expect({ uses: stored.uses.shown(), holds: stored.holds.shown() }).toEqual({ uses: uses.shown(), holds: set.shown() });
}

async function checkAllocations(rows: Rows, redemptions: readonly Redemption[]): Promise<void> {
  const shares = new Map((await rows<{ id: string; amount: number; returned: number; least: number; over: number }>(
    `select redemption_id as id, sum(amount)::bigint as amount, sum(returned)::bigint as returned, min(amount) as least, max(returned - amount) as over from allocation group by 1`,
  )).map((row) => [row.id, row]));
  const back = new Map((await rows<{ id: string; amount: number; shares: number; n: number }>(
    `select redemption_id as id, sum(amount)::bigint as amount, count(*) as n,
       coalesce(sum((select sum((share ->> 'amount')::bigint) from jsonb_array_elements(allocations) share)), 0)::bigint as shares from reversal group by 1`,
  )).map((row) => [row.id, row]));
  for (const { id, kind, amount, reversed, undone } of redemptions) {
    const own = shares.get(id);
    const returned = back.get(id);
    if ((returned?.amount ?? 0) !== reversed) throw new Error(`${id}: reversals come to ${returned?.amount}, the redemption says ${reversed}.`);
    if (undone !== (reversed === amount && returned !== undefined)) throw new Error(`${id}: ${reversed} of ${amount} reversed, undone ${undone}.`);
    if (kind === 'TENDER' || amount === 0) {
      if (own) throw new Error(`${id}: a ${kind} of ${amount} has shares.`);
      continue;
    }
    expect({ id, amount: own?.amount, returned: own?.returned, reversed: returned?.shares ?? 0 }).toEqual({ id, amount, returned: reversed, reversed });
    if ((own?.least ?? 0) <= 0 || (own?.over ?? 1) > 0) throw new Error(`${id}: a share is nothing, or more of it came back than there was.`);
  }
}

async function checkEvents(rows: Rows, redemptions: readonly Redemption[], holds: readonly Hold[], events: readonly Event[]): Promise<void> {
  const of = (type: string) => events.filter((event) => event.type === type);
  const amounts = (list: readonly Event[], id: (event: Event) => unknown) => list.map((event) => `${id(event)} ${event.amount}`).sort();
  expect(amounts(of('VOUCHER_REDEEMED'), (event) => event.redemptionId)).toEqual(redemptions.map(({ id, amount }) => `${id} ${amount}`).sort());
  const reversals = await rows<{ id: string; amount: number }>('select id, amount from reversal');
  expect(amounts(of('REDEMPTION_REVERSED'), (event) => event.reversalId)).toEqual(reversals.map(({ id, amount }) => `${id} ${amount}`).sort());
  const rejected = await rows<{ id: string }>("select id from rejection where action in ('REDEEM', 'HOLD') and reason <> 'IDEMPOTENCY_KEY_REUSED' and not (action = 'HOLD' and code is null)");
  expect(of('VOUCHER_REJECTED').map((event) => event.data['rejectionId']).sort()).toEqual(rejected.map(({ id }) => id).sort());
  const heldOnce = (list: readonly Hold[]) => list.flatMap(({ id, content }) => content.vouchers.map(() => id)).sort();
  expect(of('VOUCHER_HELD').map((event) => event.data['holdId']).sort()).toEqual(heldOnce(holds));
  const released = of('HOLD_RELEASED').filter((event) => event.data['because'] !== 'NOT_USED');
  expect(released.map((event) => event.data['holdId']).sort()).toEqual(heldOnce(holds.filter((hold) => hold.status === 'RELEASED' || hold.status === 'EXPIRED')));
  const orders = await rows<{ id: string }>("select key as id from idempotency where scope = 'orderRecorded'");
  expect(of('ORDER_RECORDED').map((event) => event.data['orderId']).sort()).toEqual(orders.map(({ id }) => id).sort());
}

/** Every granted redeem stands under one key, and every key leads to what it granted. */
async function checkKeys(rows: Rows): Promise<void> {
  const strays = await rows<{ id: string; keys: number }>(
    `select coalesce(checkout.id, answer ->> 'checkoutId') as id, count(idempotency.key) as keys
     from checkout full join idempotency on idempotency.answer ->> 'checkoutId' = checkout.id
     where checkout.id is not null or (idempotency.scope in ('redeem', 'platform') and answer ->> 'kind' = 'redeemed')
     group by 1 having count(idempotency.key) <> 1 or count(checkout.id) <> 1`,
  );
  expect(strays).toEqual([]);
}
