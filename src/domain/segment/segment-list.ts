import type pg from 'pg';
import { z } from 'zod';
import type { Page, PageRequest } from '../list/list.types.ts';
import { pageOf, placeBefore, writeCursor } from '../list/page.ts';
import { Where } from '../list/where.ts';
import { SEGMENT_COLUMNS } from './segment.service.ts';
import type { SegmentFilter, SegmentRecord } from './segment.types.ts';

const MOMENT = z.number().int().min(0).max(8.64e15);
const ID = z.string().regex(/^[a-z0-9_]+$/);
const SEGMENT_PLACE = z.tuple([z.literal('segment'), MOMENT, ID]);
const MEMBER_PLACE = z.tuple([z.literal('member'), MOMENT, ID]);

/** Newest first, then by id. */
export async function listSegments(pool: pg.Pool, { kinds }: SegmentFilter, page: PageRequest): Promise<Page<SegmentRecord>> {
  const last = placeBefore(page, SEGMENT_PLACE);
  const where = new Where();
  if (kinds) where.and("case when expression is null then 'STATIC' else 'DYNAMIC' end = any(?::text[])", kinds);
  if (last) where.raw(`(created_at, id) < (to_timestamp(${where.place(last[1])}::double precision / 1000), ${where.place(last[2])})`);
  const { rows } = await pool.query<SegmentRecord>(
    `select ${SEGMENT_COLUMNS} from segment where ${where} order by segment.created_at desc, id desc limit ${where.place(page.first + 1)}`,
    where.values,
  );
  return pageOf(rows, page, (record) => writeCursor('segment', Date.parse(record.createdAt), record.id));
}

/** The ids of those who are listed, latest first, then by id. */
export async function listMembers(pool: pg.Pool, segmentId: string, page: PageRequest): Promise<Page<{ id: string; since: number }>> {
  const last = placeBefore(page, MEMBER_PLACE);
  const where = new Where().and('segment_id = ?', segmentId);
  if (last) where.raw(`(since, customer_id) < (to_timestamp(${where.place(last[1])}::double precision / 1000), ${where.place(last[2])})`);
  const { rows } = await pool.query<{ id: string; since: number }>(
    `select customer_id as id, floor(extract(epoch from since) * 1000)::bigint as since from segment_member where ${where}
     order by segment_member.since desc, customer_id desc limit ${where.place(page.first + 1)}`,
    where.values,
  );
  return pageOf(rows, page, ({ since, id }) => writeCursor('member', since, id));
}
