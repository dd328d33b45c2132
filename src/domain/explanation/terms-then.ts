import type { VersionContent } from '../campaign/campaign-version.entity.ts';
import { type RowsOf, readContents, type VersionKey, versionKey } from '../campaign/campaign-versions.ts';
import { withPromise } from '../campaign/promise.ts';
import type { CampaignTerms } from '../decision/decision.types.ts';
import type { StoredInputs } from '../redemption/stored-inputs.ts';
import type { ReplaySource, StoredRedemption } from './replay-source.ts';

type Contents = ReadonlyMap<string, VersionContent>;

/** The campaigns as they were in the versions that a redeem was decided by, by the id of the redemption; without those that nobody kept. */
export async function campaignsThen(
  rowsOf: RowsOf,
  { checkout: { inputs }, redemptions }: ReplaySource,
): Promise<Map<string, CampaignTerms>> {
  const own = await readContents(
    rowsOf,
    redemptions.flatMap((redemption) => ownKeys(redemption, inputs)),
  );
  const mains = await readContents(
    rowsOf,
    redemptions.flatMap((redemption) => mainKeys(redemption, inputs, own)),
  );
  const contents = new Map([...own, ...mains]);
  return new Map(
    redemptions.flatMap((redemption) => {
      const terms = termsOf(redemption, inputs, contents);
      return terms ? [[redemption.id, terms] as const] : [];
    }),
  );
}

function ownKeys({ campaignId: id, campaignVersion: version, code }: StoredRedemption, inputs: StoredInputs | null): VersionKey[] {
  const promise = inputs?.promises?.[code];
  return [{ id, version }, ...(promise ? [{ id, version: promise.version }] : [])];
}

function mainKeys({ campaignId, campaignVersion, code }: StoredRedemption, inputs: StoredInputs | null, own: Contents): VersionKey[] {
  const content = own.get(versionKey(campaignId, campaignVersion));
  const id = content?.parentId;
  if (!content || id == null) return [];
  const promised = inputs?.promises?.[code]?.mainVersion ?? null;
  return [{ id, version: mainVersion(content, inputs) }, ...(promised === null ? [] : [{ id, version: promised }])];
}

/** As it was told with the redeem; before that was kept, as it was told with the campaign. */
const mainVersion = ({ parentId, mainVersion: beside = 1 }: VersionContent, inputs: StoredInputs | null): number =>
  (parentId === null ? undefined : inputs?.mains?.[parentId]) ?? beside;

function termsOf(
  { campaignId, campaignVersion, code }: StoredRedemption,
  inputs: StoredInputs | null,
  contents: Contents,
): CampaignTerms | undefined {
  const content = contents.get(versionKey(campaignId, campaignVersion));
  if (!content) return undefined;
  const mainId = content.parentId;
  const main = mainId === null ? null : plain(contents, mainId, mainVersion(content, inputs), null);
  const live = main === undefined ? undefined : plain(contents, campaignId, campaignVersion, main);
  const promise = inputs?.promises?.[code];
  if (!live || !promise) return live;
  const then = contents.get(versionKey(campaignId, promise.version));
  if (!then) return undefined;
  const mainThen = mainId === null || promise.mainVersion === null ? null : contents.get(versionKey(mainId, promise.mainVersion));
  const mainPromised =
    main && mainThen && promise.mainVersion !== null
      ? withPromise(main, mainThen, null, { version: promise.mainVersion, mainVersion: null })
      : (main ?? null);
  return withPromise(live, then, mainPromised, promise);
}

function plain(contents: Contents, id: string, version: number, main: CampaignTerms | null): CampaignTerms | undefined {
  const content = contents.get(versionKey(id, version));
  return content && { ...content, version, main };
}
