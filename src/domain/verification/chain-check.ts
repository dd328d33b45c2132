import { chainHash } from '../ledger/ledger-hash.ts';
import { instant } from './sql.ts';
import type { NotedHead, StreamCheck, StreamMeans } from './verification.types.ts';

interface Link {
  position: number;
  hash: string;
  previousHash: string;
  type: string;
  at: string;
  businessDay: string | null;
  storeId: string | null;
  campaignId: string | null;
  code: string | null;
  amount: number | null;
  currency: string | null;
  data: unknown;
}

const LINKS = `
  select position, hash, previous_hash as "previousHash", type, ${instant('at')} as at, business_day as "businessDay", store_id as "storeId", campaign_id as "campaignId",
         code, amount, currency, data
  from ledger_event order by position, at`;

const NO_HASH = '0'.repeat(64);

/** Every link of the chain made again from the one before and from what the event says. */
export const chainCheck: StreamCheck = {
  name: 'chain',
  kind: 'stream',
  needsSecret: false,
  promises: 'Positions run from 1 without a gap, each hash is that of its event and of the hash before, and the head is the last of them.',
  advice:
    'The ledger was changed by hand or damaged on disk. Stop the hub, keep a copy of the database as it is, and put the last backup beside it: compare from this position on.',
  run: walk,
};

async function walk(means: StreamMeans): Promise<number> {
  const walk = new Walk(means);
  for await (const link of means.snapshot.stream<Link>(LINKS)) walk.step(link);
  const [head] = await means.snapshot.rows<NotedHead>('select position, hash from ledger_head where id = 1');
  walk.finish(head);
  return walk.looked;
}

class Walk {
  looked = 0;
  readonly #means: StreamMeans;
  #end: NotedHead = { position: 0, hash: NO_HASH };

  constructor(means: StreamMeans) {
    this.#means = means;
  }

  /** After a finding it goes on from what is stored, so that one damage is told once. */
  step(link: Link): void {
    const { position, hash } = link;
    this.looked += 1;
    this.#hangs(link);
    const made = hashOf(link);
    if (made !== hash) this.#say(position, `the hash ${made}, by what it says and the hash before`, hash);
    this.#noted({ position, hash });
    this.#end = { position, hash };
    if (this.looked % 100_000 === 0) this.#means.progress(this.looked);
  }

  finish(head: NotedHead | undefined): void {
    const { position, hash } = this.#end;
    if (head?.position !== position || head.hash !== hash) {
      const found = head ? `position ${head.position} with the hash ${head.hash}` : 'no head';
      this.#say(position, `the last event, position ${position} with the hash ${hash}`, found, 'ledger_head');
    }
    const { against } = this.#means;
    if (against?.position === 0) this.#noted({ position: 0, hash: NO_HASH });
    else if (against && against.position > position)
      this.#say(against.position, 'the position that was noted', `a ledger that ends at ${position}`);
  }

  #hangs({ position, previousHash, at }: Link): void {
    const end = this.#end;
    if (position === end.position) this.#say(position, 'one event', `another one at the same position, of ${at}`);
    else if (position !== end.position + 1) {
      const last = position - 1;
      const missing = end.position + 1 === last ? `position ${last}` : `positions ${end.position + 1} to ${last}`;
      this.#say(position, `${missing} before it`, 'nothing there');
    } else if (previousHash !== end.hash) this.#say(position, `the previous hash ${end.hash}`, previousHash);
  }

  #noted({ position, hash }: NotedHead): void {
    const { against } = this.#means;
    if (against?.position === position && against.hash !== hash)
      this.#say(position, `the hash ${against.hash} that was noted`, `${hash}: something up to here was changed since`);
  }

  #say(position: number, expected: string, found: string, table = 'ledger_event'): void {
    this.#means.find({ table, id: table === 'ledger_head' ? '1' : String(position), position, expected, found });
  }
}

function hashOf({ hash: _, previousHash, amount, currency, ...event }: Link): string {
  const { position, type, at, businessDay, storeId, campaignId, code, data } = event;
  const money = amount === null || currency === null ? null : { currency, minor: amount };
  return chainHash(previousHash, { position, type, at, businessDay, storeId, campaignId, code, amount: money, data });
}
