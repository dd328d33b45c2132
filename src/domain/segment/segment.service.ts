import type pg from 'pg';
import type { Database } from '../../database/database.ts';
import { followTopic, type Listener } from '../../database/listener.ts';
import { inTransaction } from '../../database/transaction.ts';
import type { Actor } from '../access/roles.ts';
import { writeAudit } from '../audit/audit-writer.ts';
import { type Clock, instantText } from '../shared/clock.ts';
import { badInput, notFound } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { isStorable } from '../shared/input-checks.ts';
import { checkDraft, checkIds, checkPatch } from './segment.rules.ts';
import type { SegmentDraft, SegmentPatch, SegmentRecord } from './segment.types.ts';

const CHANNEL = 'valehub_terms';
const TOPIC = 'segment:';

export const SEGMENT_COLUMNS = `segment.id, segment.name, case when expression is null then 'STATIC' else 'DYNAMIC' end as kind, expression, version,
  to_char(segment.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "createdAt"`;

interface SegmentMeans {
  readonly database: Database;
  readonly clock: Clock;
  readonly listener: Listener | null;
}

/** Segments, their expressions kept in memory; other processes tell of their changes. Who is listed in one stays in the database. */
export class SegmentService {
  readonly #pool: pg.Pool;
  readonly #clock: Clock;
  readonly #known = new Map<string, SegmentRecord>();
  #stop = (): void => undefined;

  constructor({ database, clock, listener }: SegmentMeans) {
    this.#pool = database.pool;
    this.#clock = clock;
    if (listener) this.#stop = followTopic(listener, CHANNEL, TOPIC, (ids) => this.refresh(ids));
  }

  /** Reads all segments; call once before use. */
  async load(): Promise<void> {
    await this.refresh();
  }

  async refresh(ids?: readonly string[]): Promise<void> {
    const { rows } = await this.#pool.query<SegmentRecord>(
      `select ${SEGMENT_COLUMNS} from segment where $1::text[] is null or id = any($1)`,
      [ids?.filter(isStorable) ?? null],
    );
    for (const row of rows) this.#remember(row);
  }

  /** In the order of the ids, from memory where they are known; null where there is none. */
  async byIds(ids: readonly string[]): Promise<(SegmentRecord | null)[]> {
    const unknown = ids.filter((id) => !this.#known.has(id));
    if (unknown.length > 0) await this.refresh(unknown);
    return ids.map((id) => this.#known.get(id) ?? null);
  }

  /** Read anew. */
  async get(id: string): Promise<SegmentRecord | null> {
    await this.refresh([id]);
    return this.#known.get(id) ?? null;
  }

  /** Throws NOT_FOUND for the first that there is not. */
  async demand(ids: readonly string[]): Promise<void> {
    const missing = (await this.byIds(ids)).indexOf(null);
    if (missing !== -1) throw notFound('segment', ids[missing] ?? '');
  }

  async create(actor: Actor, draft: SegmentDraft): Promise<SegmentRecord> {
    checkDraft(draft);
    const now = this.#clock.now();
    const id = newId('segment', now);
    const { name, expression = null, customerIds } = draft;
    return this.#write(async (client) => {
      await client.query('insert into segment (id, name, expression, version, created_at) values ($1, $2, $3, 1, $4)', [
        id,
        name,
        expression,
        instantText(now),
      ]);
      const members = customerIds ? await addMembers(client, id, customerIds, instantText(now)) : 0;
      const after = { name, expression, ...(customerIds && { members }) };
      await writeAudit(client, { at: now, actorId: actor.id, operation: 'createSegment', subjectId: id, before: null, after });
      return id;
    });
  }

  async update(actor: Actor, id: string, patch: SegmentPatch): Promise<SegmentRecord> {
    return this.#write(async (client) => {
      const known = await locked(client, id);
      checkPatch(patch, known.kind === 'DYNAMIC');
      const { name, expression } = { name: patch.name ?? known.name, expression: patch.expression ?? known.expression };
      if (name === known.name && expression === known.expression) return id;
      await client.query('update segment set name = $2, expression = $3, version = version + 1 where id = $1', [id, name, expression]);
      const [before, after] = [
        { name: known.name, expression: known.expression },
        { name, expression },
      ];
      await writeAudit(client, { at: this.#clock.now(), actorId: actor.id, operation: 'updateSegment', subjectId: id, before, after });
      return id;
    });
  }

  /** Those who are in it already stay. NOT_FOUND names the first customer that there is not; then nobody is added. */
  async add(actor: Actor, id: string, customerIds: readonly string[]): Promise<SegmentRecord> {
    return this.#change(actor, 'addToSegment', id, customerIds, (client, at) => addMembers(client, id, customerIds, at));
  }

  /** Those who are not in it change nothing. */
  async remove(actor: Actor, id: string, customerIds: readonly string[]): Promise<SegmentRecord> {
    return this.#change(actor, 'removeFromSegment', id, customerIds, async (client) => {
      const { rowCount } = await client.query('delete from segment_member where segment_id = $1 and customer_id = any($2::text[])', [
        id,
        customerIds.filter(isStorable),
      ]);
      return rowCount ?? 0;
    });
  }

  /** How many are listed; null where an expression says who. In the order of the ids. */
  async sizes(ids: readonly string[]): Promise<(number | null)[]> {
    const { rows } = await this.#pool.query<{ id: string; size: number }>(
      `select id, (select count(*) from segment_member where segment_id = segment.id) as size from segment where id = any($1::text[]) and expression is null`,
      [ids],
    );
    const sizes = new Map(rows.map(({ id, size }) => [id, size]));
    return ids.map((id) => sizes.get(id) ?? null);
  }

  close(): void {
    this.#stop();
  }

  #change(
    actor: Actor,
    operation: string,
    id: string,
    customerIds: readonly string[],
    work: (client: pg.PoolClient, at: string) => Promise<number>,
  ): Promise<SegmentRecord> {
    checkIds(customerIds);
    return this.#write(async (client) => {
      const known = await locked(client, id);
      if (known.kind === 'DYNAMIC') throw badInput({ path: 'id', message: 'Who is in this segment is said by its expression.' });
      const now = this.#clock.now();
      const moved = await work(client, instantText(now));
      if (moved === 0) return id;
      await client.query('update segment set version = version + 1 where id = $1', [id]);
      await writeAudit(client, { at: now, actorId: actor.id, operation, subjectId: id, before: null, after: { customers: moved } });
      return id;
    });
  }

  async #write(work: (client: pg.PoolClient) => Promise<string>): Promise<SegmentRecord> {
    const record = await inTransaction(this.#pool, async (client) => {
      const id = await work(client);
      const { rows } = await client.query<SegmentRecord>(`select ${SEGMENT_COLUMNS} from segment where id = $1`, [id]);
      await client.query('select pg_notify($1, $2)', [CHANNEL, TOPIC + id]);
      return rows[0] as SegmentRecord;
    });
    return this.#remember(record);
  }

  /** Reads may overtake one another: an older version never replaces a newer. */
  #remember(record: SegmentRecord): SegmentRecord {
    const known = this.#known.get(record.id);
    if (known && known.version >= record.version) return known;
    this.#known.set(record.id, record);
    return record;
  }
}

async function locked(client: pg.PoolClient, id: string): Promise<SegmentRecord> {
  const { rows } = await client.query<SegmentRecord>(`select ${SEGMENT_COLUMNS} from segment where id = $1 for update`, [
    isStorable(id) ? id : '',
  ]);
  if (!rows[0]) throw notFound('segment', id);
  return rows[0];
}

/** However many, in one statement each way. */
async function addMembers(client: pg.PoolClient, segmentId: string, customerIds: readonly string[], at: string): Promise<number> {
  const unstorable = customerIds.find((id) => !isStorable(id));
  if (unstorable !== undefined) throw notFound('customer', unstorable);
  const { rows } = await client.query<{ id: string }>(
    `select id from unnest($1::text[]) with ordinality as wanted (id, place)
     where not exists (select from customer where customer.id = wanted.id) order by place limit 1`,
    [customerIds],
  );
  if (rows[0]) throw notFound('customer', rows[0].id);
  const { rowCount } = await client.query(
    `insert into segment_member (segment_id, customer_id, since) select $1, id, $3 from (select distinct id from unnest($2::text[]) as wanted (id)) wanted on conflict do nothing`,
    [segmentId, customerIds, at],
  );
  return rowCount ?? 0;
}
