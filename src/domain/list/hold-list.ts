import { z } from 'zod';
import type { Database } from '../../database/database.ts';
import type { Actor } from '../access/roles.ts';
import type { CodeService } from '../code/code.service.ts';
import { HOLD_COLUMNS, holdRecord, type StoredHold } from '../hold/hold-record.ts';
import type { HoldRecord } from '../redemption/redemption.types.ts';
import { type Clock, instantText } from '../shared/clock.ts';
import type { HoldFilter, Page, PageRequest } from './list.types.ts';
import { pageOf, placeBefore, writeCursor } from './page.ts';
import { Where } from './where.ts';

interface HoldListMeans {
  readonly database: Database;
  readonly clock: Clock;
  readonly codes: CodeService;
}

const PLACE = z.tuple([z.literal('hold'), z.string().regex(/^[a-z]{3}_[0-9a-f]{32}$/)]);

/** Ids begin with the moment they were made: newest first. */
export async function listHolds(
  { database, clock, codes }: HoldListMeans,
  actor: Actor,
  filter: HoldFilter,
  page: PageRequest,
): Promise<Page<HoldRecord>> {
  const now = clock.now();
  const where = new Where()
    .given('store_id = any(?)', actor.storeIds)
    .given('store_id = any(?)', filter.storeIds)
    .given(
      'codes && ?',
      filter.codes?.map((code) => codes.lookup(code).code),
    )
    .given('source = ?', filter.orderSource)
    .given('external_id = ?', filter.orderExternalId);
  if (filter.statuses) shownAs(where, filter.statuses, now);
  const after = placeBefore(page, PLACE)?.[1];
  if (after !== undefined) where.and('id < ?', after);
  const { rows } = await database.pool.query<StoredHold>(
    `select ${HOLD_COLUMNS} from hold where ${where} order by id desc limit ${page.first + 1}`,
    where.values,
  );
  return pageOf(
    rows.map((row) => holdRecord(row, now)),
    page,
    ({ id }) => writeCursor('hold', id),
  );
}

/** A hold whose time is over is EXPIRED before anybody ends it. */
function shownAs(where: Where, statuses: readonly HoldRecord['status'][], now: number): void {
  where.and(`case when status = 'ACTIVE' and expires_at <= '${instantText(now)}' then 'EXPIRED' else status end = any(?)`, statuses);
  // The index finds the few that are open among all that ever were.
  if (statuses.every((status) => status === 'ACTIVE')) where.raw("status = 'ACTIVE'");
}

export async function findHold({ database, clock }: HoldListMeans, actor: Actor, id: string): Promise<HoldRecord | null> {
  const where = new Where().and('id = ?', id).given('store_id = any(?)', actor.storeIds);
  const { rows } = await database.pool.query<StoredHold>(`select ${HOLD_COLUMNS} from hold where ${where}`, where.values);
  return rows[0] ? holdRecord(rows[0], clock.now()) : null;
}
