import type pg from 'pg';
import { z } from 'zod';
import type { Page, PageRequest } from '../list/list.types.ts';
import { pageOf, placeBefore, writeCursor } from '../list/page.ts';
import { instantText } from '../shared/clock.ts';
import type { Campaign } from './campaign.entity.ts';
import { changesBetween, contentOf } from './campaign-record.ts';
import type { VersionContent } from './campaign-version.entity.ts';

/** A campaign as it was in one version, and what that version changed. */
export interface CampaignVersionRecord {
  readonly campaignId: string;
  readonly version: number;
  /** RFC 3339 */
  readonly at: string;
  readonly actorId: string | null;
  /** Members that differ from the version before; `main`: the terms of its main. Empty for the first that is known. */
  readonly changes: readonly string[];
  readonly content: VersionContent;
}

export interface VersionKey {
  readonly id: string;
  readonly version: number;
}

/** Whatever runs one statement inside the caller's transaction. */
interface SqlRunner {
  query(text: string, values: unknown[]): Promise<unknown>;
}

/** The rows of one statement, by the pool or inside a transaction. */
export type RowsOf = (text: string, values: unknown[]) => Promise<unknown[]>;

const PLACE = z.tuple([z.literal('campaignVersion'), z.number().int().min(0).max(2_147_483_647)]);

/** Keeps campaigns as they are after the change of this transaction, each with the version of its main that stands beside it. */
export async function keepVersions(run: SqlRunner, rows: readonly Campaign[], actorId: string, at: number): Promise<void> {
  await run.query(
    `insert into campaign_version (campaign_id, version, content, actor_id, at)
     select kept.id, kept.version, content || coalesce((select jsonb_build_object('mainVersion', main.version) from campaign main where main.id = main_id), '{}'), $2, $3::timestamptz
     from json_to_recordset($1::json) as kept (id text, version int, main_id text, content jsonb)`,
    [
      JSON.stringify(rows.map((row) => ({ id: row.id, version: row.version, main_id: row.parentId, content: contentOf(row) }))),
      actorId,
      instantText(at),
    ],
  );
}

/** By `versionKey`, each read once however often it is asked for. A version from before versions were kept is told by the first that was. */
export async function readContents(rowsOf: RowsOf, keys: readonly VersionKey[]): Promise<Map<string, VersionContent>> {
  const rows = (await rowsOf(
    `select wanted.id, wanted.version, content
     from json_to_recordset($1::json) as wanted (id text, version int), lateral (
       select content from campaign_version where campaign_id = wanted.id
       order by version > wanted.version, abs(version - wanted.version) limit 1) found`,
    [JSON.stringify([...new Map(keys.map(({ id, version }) => [versionKey(id, version), { id, version }])).values()])],
  )) as (VersionKey & { content: VersionContent })[];
  return new Map(rows.map(({ id, version, content }) => [versionKey(id, version), content]));
}

export const versionKey = (id: string, version: number): string => `${id} ${version}`;

const COLUMNS = `campaign_id as "campaignId", version, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, actor_id as "actorId", content,
  lag(content) over (order by version) as before`;

type Found = Omit<CampaignVersionRecord, 'changes'> & { readonly before: VersionContent | null };

const recordOf = ({ before, ...rest }: Found): CampaignVersionRecord => ({ ...rest, changes: changesBetween(before, rest.content) });

/** Newest first. */
export async function listVersions(pool: pg.Pool, campaignId: string, page: PageRequest): Promise<Page<CampaignVersionRecord>> {
  const last = placeBefore(page, PLACE)?.[1] ?? null;
  const { rows } = await pool.query<Found>(
    `select * from (select ${COLUMNS} from campaign_version where campaign_id = $1 and ($2::int is null or version < $2)) versions
     order by version desc limit $3`,
    [campaignId, last, page.first + 1],
  );
  return pageOf(rows.map(recordOf), page, ({ version }) => writeCursor('campaignVersion', version));
}

export async function readVersion(pool: pg.Pool, campaignId: string, version: number): Promise<CampaignVersionRecord | null> {
  const { rows } = await pool.query<Found>(
    `select * from (select ${COLUMNS} from campaign_version where campaign_id = $1 and version <= $2) versions where version = $2`,
    [campaignId, version],
  );
  return rows[0] ? recordOf(rows[0]) : null;
}
