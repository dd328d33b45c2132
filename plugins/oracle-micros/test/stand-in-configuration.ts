import type { Plain } from '@valehub/connector-kit';
import type { PlatformReply, PlatformRequest, Route } from '@valehub/connector-kit/testing';

type Definition = { readonly [name: string]: Plain };

const SALES = 'POST /config/sim/v2/sales';

/** The discounts of an enterprise as its Configuration API keeps them. `forgets`: members that it takes and does not keep. */
export function configuration(forgets: readonly string[], pageSize: number) {
  const discounts = new Map<string, Definition>();
  const keyOf = ({ hierUnitId, objectNum }: Definition): string => `${hierUnitId}/${objectNum}`;

  const audited =
    (handle: (json: Definition) => PlatformReply) =>
    (request: PlatformRequest): PlatformReply =>
      request.headers['simphony-audittrailref'] ? handle(request.json() as Definition) : { status: 400, body: { title: 'Who is it?' } };

  function list({ searchCriteria, offset, limit }: Definition): PlatformReply {
    const unit = /equals\(hierUnitId,(\d+)\)/.exec(String(searchCriteria))?.[1];
    const found = [...discounts.values()].filter(({ hierUnitId }) => String(hierUnitId) === unit);
    const from = Number(offset);
    const items = found.slice(from, from + Math.min(pageSize, Number(limit)));
    return { body: { items, hasMore: from + items.length < found.length } };
  }

  function upsert(json: Definition): PlatformReply {
    const kept = Object.fromEntries(Object.entries(json).filter(([name]) => !forgets.includes(name)));
    discounts.set(keyOf(json), { ...discounts.get(keyOf(json)), ...kept });
    return { body: {} };
  }

  const drop = (json: Definition): PlatformReply => (discounts.delete(keyOf(json)) ? { body: {} } : { status: 404, body: {} });

  const routes: readonly Route[] = [
    { at: `${SALES}/getDiscounts`, handle: audited(list) },
    { at: `${SALES}/upsertDiscounts`, handle: audited(upsert) },
    { at: `${SALES}/deleteDiscounts`, handle: audited(drop) },
  ];
  return { discounts, routes };
}
