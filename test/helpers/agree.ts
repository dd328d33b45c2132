import { expect } from '@jest/globals';
import pg from 'pg';
import type { Hub } from '../../src/domain/hub.ts';
import { eventually } from './basics.ts';
import { checkCounters } from './books/counters.ts';
import { checkIssuance } from './books/issuance.ts';
import { checkChain, checkData, readBook } from './books/ledger.ts';
import type { Event, Hold, Redemption, Rows } from './books/rows.ts';
import { checkAllocations, checkVouchers } from './books/vouchers.ts';
import { allExplained } from './explained.ts';

// The books compared, from the rows alone and with nothing of the code that wrote them: each sum is made twice, by two ways.

/** Waits until all that was committed is sealed, then compares tables, counters and ledger; throws what does not agree. */
export async function booksAgree(databaseUrl: string): Promise<void> {
  // Numbers as they are: what these tests write stays far below 2^53.
  const client = new pg.Client({
    connectionString: databaseUrl,
    types: { getTypeParser: (oid: number) => (oid === 20 ? Number : oid === 1082 ? String : pg.types.getTypeParser(oid)) },
  });
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
    await checkIssuance(rows);
    await checkEvents(rows, redemptions, holds, events);
    await checkKeys(rows);
  } finally {
    await client.end();
  }
}

/** The end of a suite: its books agree, its redemptions can be explained, and whether or not they do, nothing of it stays open. */
export async function closeAgreed({
  database,
  hub,
  close,
}: {
  readonly database: { readonly url: string };
  /** Left out, nothing is explained: for a database that a hub of another process served. */
  readonly hub?: Hub;
  close(): Promise<void>;
}): Promise<void> {
  try {
    await booksAgree(database.url);
    if (hub) await allExplained(hub);
  } finally {
    await close();
  }
}

async function checkEvents(
  rows: Rows,
  redemptions: readonly Redemption[],
  holds: readonly Hold[],
  events: readonly Event[],
): Promise<void> {
  const of = (type: string) => events.filter((event) => event.type === type);
  const amounts = (list: readonly Event[], id: (event: Event) => unknown) => list.map((event) => `${id(event)} ${event.amount}`).sort();
  expect(amounts(of('VOUCHER_REDEEMED'), (event) => event.redemptionId)).toEqual(
    redemptions.map(({ id, amount }) => `${id} ${amount}`).sort(),
  );
  const reversals = await rows<{ id: string; amount: number }>('select id, amount from reversal');
  expect(amounts(of('REDEMPTION_REVERSED'), (event) => event.reversalId)).toEqual(
    reversals.map(({ id, amount }) => `${id} ${amount}`).sort(),
  );
  const rejected = await rows<{ id: string }>(
    "select id from rejection where action in ('REDEEM', 'HOLD') and reason <> 'IDEMPOTENCY_KEY_REUSED' and not (action = 'HOLD' and code is null)",
  );
  expect(
    of('VOUCHER_REJECTED')
      .map((event) => event.data['rejectionId'])
      .sort(),
  ).toEqual(rejected.map(({ id }) => id).sort());
  const heldOnce = (list: readonly Hold[]) => list.flatMap(({ id, content }) => content.vouchers.map(() => id)).sort();
  expect(
    of('VOUCHER_HELD')
      .map((event) => event.data['holdId'])
      .sort(),
  ).toEqual(heldOnce(holds));
  const released = of('HOLD_RELEASED').filter((event) => event.data['because'] !== 'NOT_USED');
  expect(released.map((event) => event.data['holdId']).sort()).toEqual(
    heldOnce(holds.filter((hold) => hold.status === 'RELEASED' || hold.status === 'EXPIRED')),
  );
  const orders = await rows<{ id: string }>("select key as id from idempotency where scope = 'orderRecorded'");
  expect(
    of('ORDER_RECORDED')
      .map((event) => event.data['orderId'])
      .sort(),
  ).toEqual(orders.map(({ id }) => id).sort());
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
