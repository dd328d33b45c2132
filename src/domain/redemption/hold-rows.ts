import type pg from 'pg';
import { writeAudit } from '../audit/audit-writer.ts';
import { instantText } from '../shared/clock.ts';
import type { Recorder } from './recorder.ts';

/** The holds that a batch made or closed, in its transaction. */
export async function writeHolds(client: pg.PoolClient, { newHolds, closedHolds }: Recorder): Promise<void> {
  for (const { id, status } of closedHolds) await client.query('update hold set status = $2 where id = $1', [id, status]);
  for (const { record, prepared } of newHolds) {
    await client.query(
      `insert into hold (id, status, codes, source, external_id, store_id, content, created_at, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8::double precision / 1000), to_timestamp($9::double precision / 1000))`,
      [
        record.id,
        record.status,
        record.codes,
        record.source,
        record.externalId,
        record.storeId,
        JSON.stringify(record.content),
        record.createdAt,
        record.expiresAt,
      ],
    );
    await writeAudit(client, {
      at: record.createdAt,
      actorId: prepared.actor.id,
      operation: 'hold',
      subjectId: record.id,
      before: null,
      after: { status: record.status, codes: record.codes, storeId: record.storeId, expiresAt: instantText(record.expiresAt) },
    });
  }
}
