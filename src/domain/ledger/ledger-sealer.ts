import type pg from 'pg';
import type { Logger } from 'pino';
import { type HashedEvent, chainHash } from './ledger-hash.ts';
import { LedgerPartitions } from './ledger-partitions.ts';

/** Held by the one sealer of a deployment for as long as its connection lives. */
const SEALER_LOCK = 8_254_032;
const BATCH = 2_000;
/** The pause between two looks while events come in: a batch of events costs one transaction, whatever its size. */
const BUSY_PAUSE_MS = 10;
/** How long a quiet sealer sleeps if nobody wakes it, and how often one that waits for the lock asks again. */
const IDLE_PAUSE_MS = 500;

/**
 * Events whose transaction can no longer be overtaken: everything older than the oldest transaction that still runs.
 * `tx >= xmax` on a visible row means that it was restored from another cluster's dump, so it is long committed.
 */
const READ_INTAKE = `
  select id, type, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, business_day, store_id, campaign_id, code, amount, currency, data
  from ledger_intake
  where tx < pg_snapshot_xmin(pg_current_snapshot()) or tx >= pg_snapshot_xmax(pg_current_snapshot())
  order by tx, id
  limit ${BATCH}`;

const APPEND = `
  with sealed as (
    insert into ledger_event (intake_id, position, hash, previous_hash, at, type, business_day, store_id, campaign_id, code, amount, currency, data, name,
                              redemption_id, reversal_id, voucher_id, customer_id, order_source, order_external_id)
    select intake.id, chained.position, chained.hash, chained.previous_hash, intake.at, intake.type, intake.business_day, intake.store_id, intake.campaign_id, intake.code, intake.amount, intake.currency, intake.data, intake.name,
           intake.redemption_id, intake.reversal_id, intake.voucher_id, intake.customer_id, intake.order_source, intake.order_external_id
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[]) as chained (id, position, hash, previous_hash)
    join ledger_intake intake on intake.id = chained.id
    returning position
  ), gone as (
    delete from ledger_intake where id = any($1::bigint[])
  )
  update ledger_head set position = $5, hash = $6
  where id = 1 and position = $7 and (select count(*) from sealed) = cardinality($1::bigint[])
  returning position`;

interface IntakeRow {
  id: number;
  type: string;
  at: string;
  business_day: string | null;
  store_id: string | null;
  campaign_id: string | null;
  code: string | null;
  amount: number | null;
  currency: string | null;
  data: unknown;
}

export interface LedgerSealer {
  /** Something was committed: look now rather than at the next pause. */
  wake(): void;
  stop(): Promise<void>;
}

/**
 * Appends committed events to the chain, without gaps and without a lock on those who write them.
 * Any number of processes may run one; the advisory lock lets one work and the next takes over when its connection ends.
 */
export function startSealer(pool: pg.Pool, log: Logger): LedgerSealer {
  const stopping = new AbortController();
  let wakeUp: (() => void) | undefined;
  let woken = false;
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      if (woken || stopping.signal.aborted) return resolve();
      const timer = setTimeout(resolve, ms);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    }).finally(() => {
      wakeUp = undefined;
      woken = false;
    });

  const run = async () => {
    while (!stopping.signal.aborted) {
      try {
        await sealWhileLeading(pool, log, stopping.signal, pause);
      } catch (error) {
        if (!stopping.signal.aborted) log.warn({ err: error }, 'The ledger sealer lost its connection; it tries again.');
        await pause(IDLE_PAUSE_MS);
      }
    }
  };
  const running = run();
  const wake = () => {
    woken = true;
    wakeUp?.();
  };
  return {
    wake,
    stop: async () => {
      stopping.abort();
      wake();
      await running;
    },
  };
}

async function sealWhileLeading(pool: pg.Pool, log: Logger, signal: AbortSignal, pause: (ms: number) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    while (!signal.aborted) {
      const { rows } = await client.query('select pg_try_advisory_lock($1) as leading', [SEALER_LOCK]);
      if (rows[0].leading) break;
      await pause(IDLE_PAUSE_MS);
    }
    const partitions = new LedgerPartitions();
    while (!signal.aborted) {
      if (broken) throw broken;
      const sealed = await sealOnce(client, partitions);
      if (sealed === BATCH) continue;
      await pause(sealed > 0 ? BUSY_PAUSE_MS : IDLE_PAUSE_MS);
    }
  } finally {
    client.off('error', onError);
    // The connection ends with us, and with it the lock: the next sealer may lead at once.
    client.release(true);
    log.debug('The ledger sealer stepped down.');
  }
}

async function sealOnce(client: pg.PoolClient, partitions: LedgerPartitions): Promise<number> {
  const { rows: intake } = await client.query<IntakeRow>({ name: 'ledger-read-intake', text: READ_INTAKE });
  if (intake.length === 0) return 0;
  await client.query('begin');
  try {
    const { rows: heads } = await client.query<{ position: number; hash: string }>('select position, hash from ledger_head where id = 1 for update');
    const head = heads[0];
    if (!head) throw new Error('ledger_head has no row: the migrations have not run.');
    await partitions.ensure(client, intake.map((row) => row.at));
    const chain = chainOf(head, intake);
    const { rowCount } = await client.query({
      name: 'ledger-append',
      text: APPEND,
      values: [chain.ids, chain.positions, chain.hashes, chain.previous, chain.end.position, chain.end.hash, head.position],
    });
    if (rowCount !== 1) throw new Error('The chain moved while a batch was sealed; two sealers are at work.');
    await client.query(`notify valehub_ledger, '${chain.end.position}'`);
    await client.query('commit');
    return intake.length;
  } catch (error) {
    partitions.forget();
    await client.query('rollback');
    throw error;
  }
}

function chainOf(head: { position: number; hash: string }, intake: readonly IntakeRow[]) {
  const chain = { ids: [] as number[], positions: [] as number[], hashes: [] as string[], previous: [] as string[], end: head };
  for (const row of intake) {
    const position = chain.end.position + 1;
    const hash = chainHash(chain.end.hash, hashedEvent(position, row));
    chain.ids.push(row.id);
    chain.positions.push(position);
    chain.previous.push(chain.end.hash);
    chain.hashes.push(hash);
    chain.end = { position, hash };
  }
  return chain;
}

function hashedEvent(position: number, row: IntakeRow): HashedEvent {
  return {
    position,
    type: row.type,
    at: row.at,
    businessDay: row.business_day,
    storeId: row.store_id,
    campaignId: row.campaign_id,
    code: row.code,
    amount: row.amount === null || row.currency === null ? null : { currency: row.currency, minor: row.amount },
    data: row.data,
  };
}
