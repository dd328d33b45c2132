import type { Fact, Feed, TimeWindow } from '@valehub/connector-kit';
import { type CatalogObject, changedSince, getObjects } from './catalog.ts';
import type { SquareCtx, settings } from './settings.ts';

const revision = ({ version }: CatalogObject) => (version === null || version === undefined ? {} : { revision: { version } });

/** Square keeps no codes and does not count uses. Dates are the rule's, not the discount's. */
const factOf = (object: CatalogObject): Fact =>
  object.is_deleted === true
    ? { kind: 'gone', resource: 'discount', id: object.id, ...revision(object) }
    : {
        kind: 'discount',
        discount: { externalId: object.id, ...revision(object), name: object.discount_data?.name ?? '', state: 'ACTIVE' },
      };

export async function readDiscounts(ctx: SquareCtx, ids: readonly string[]): Promise<readonly Fact[]> {
  const there = await getObjects(ctx, ids, true);
  const known = new Set(there.map(({ id }) => id));
  const gone = ids.filter((id) => !known.has(id)).map((id): Fact => ({ kind: 'gone', resource: 'discount', id }));
  return [...there.filter(({ type }) => type === 'DISCOUNT').map(factOf), ...gone];
}

/** The event says when the catalog has changed last, which is also when its newest object did; what lies before it may not have been told. */
const BEFORE_MS = 10 * 60_000;

export async function discountsSince(ctx: SquareCtx, at: string): Promise<readonly Fact[]> {
  const since = new Date(Date.parse(at) - BEFORE_MS).toISOString();
  const facts: Fact[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await changedSince(ctx, 'DISCOUNT', since, cursor);
    facts.push(...page.objects.map(factOf));
    cursor = page.cursor ?? undefined;
    if (cursor === undefined) return facts;
  }
}

async function readWindow(ctx: SquareCtx, { from, page: cursor }: TimeWindow) {
  const page = await changedSince(ctx, 'DISCOUNT', from, cursor);
  const facts = page.objects.map(factOf);
  return page.cursor ? { facts, more: true, next: page.cursor } : { facts, more: false };
}

/** Beside the events, which may be lost. Square knows no end of the span: what came later comes again with the next one. */
export const discounts: Feed<typeof settings> = {
  by: 'time',
  every: 'PT6H',
  gives: ['discount'],
  overlap: 'PT1H',
  complete: false,
  read: readWindow,
};
