import type pg from 'pg';
import type { LedgerEventRecord } from './ledger.types.ts';
import { encodeCursor } from './ledger-cursor.ts';
import { type Sieve, sieveSql } from './ledger-filter.ts';

type Row = Omit<LedgerEventRecord, 'cursor'> & { head: number };

const COLUMNS = `
  event.position, hash, previous_hash as "previousHash", type, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, business_day as "businessDay",
  store_id as "storeId", campaign_id as "campaignId", code, amount, currency, data, name, redemption_id as "redemptionId", reversal_id as "reversalId",
  voucher_id as "voucherId", customer_id as "customerId", order_source as "orderSource", order_external_id as "orderExternalId"`;

/** Reads of the sealed book. One statement a read, so that head and events are of one moment. */
export class LedgerBook {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async head(): Promise<number> {
    const { rows } = await this.#pool.query<{ position: number }>({
      name: 'ledger-head',
      text: 'select position from ledger_head where id = 1',
    });
    return rows[0]?.position ?? 0;
  }

  /** Up to `limit` events after `position` that pass, and where the book ended at that moment. */
  async read(position: number, limit: number, sieve: Sieve | null): Promise<{ events: LedgerEventRecord[]; head: number }> {
    const where = sieve ? sieveSql(sieve, 3) : { text: '', values: [] };
    const { rows } = await this.#pool.query<Row | { position: null; head: number }>({
      // Without a filter it is what every process asks after each sealing.
      ...(sieve ? {} : { name: 'ledger-read-on' }),
      text: `select ledger_head.position as head, event.* from ledger_head left join lateral (
         select ${COLUMNS} from ledger_event event where event.position > $1 and event.position <= ledger_head.position${where.text} order by event.position limit $2
       ) event on true where ledger_head.id = 1`,
      values: [position, limit, ...where.values],
    });
    const events: LedgerEventRecord[] = [];
    for (const row of rows) {
      if (row.position === null) continue;
      const { head: _, ...event } = row;
      events.push({ ...event, cursor: encodeCursor(event.position) });
    }
    return { events, head: rows[0]?.head ?? 0 };
  }

  /** The event that had this number at the intake, if it is sealed; it lies after `position`. */
  async byIntake(position: number, intakeId: number): Promise<LedgerEventRecord | null> {
    const { rows } = await this.#pool.query<Omit<LedgerEventRecord, 'cursor'>>(
      `select ${COLUMNS} from ledger_event event where event.position > $1 and intake_id = $2 order by event.position limit 1`,
      [position, intakeId],
    );
    return rows[0] ? { ...rows[0], cursor: encodeCursor(rows[0].position) } : null;
  }
}
