import type pg from 'pg';
import type { FundingShare } from './campaign.types.ts';
import { readContents, type VersionKey, versionKey } from './campaign-versions.ts';

/** Who bore what a campaign gave in each of these versions, in their order; where it said nothing, its main did. Empty: the house alone. */
export async function readFunding(pool: pg.Pool, keys: readonly VersionKey[]): Promise<(readonly FundingShare[])[]> {
  const rowsOf = async (text: string, values: unknown[]) => (await pool.query(text, values)).rows;
  const own = await readContents(rowsOf, keys);
  const contents = keys.map(({ id, version }) => own.get(versionKey(id, version)));
  const mains = contents.map((content) =>
    content && content.funding.length === 0 && content.parentId !== null
      ? { id: content.parentId, version: content.mainVersion ?? 1 }
      : null,
  );
  const wanted = mains.filter((main) => main !== null);
  const ofMains = wanted.length === 0 ? new Map() : await readContents(rowsOf, wanted);
  return contents.map((content, at) => {
    const main = mains[at];
    return (main ? ofMains.get(versionKey(main.id, main.version))?.funding : content?.funding) ?? [];
  });
}
