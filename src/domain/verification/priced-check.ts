import type { AppliedVoucher, EffectKind, PricedBasket } from '../decision/decision.types.ts';
import { priceBasket } from '../decision/price.ts';
import { taxRateOf, unitsOf } from '../decision/units.ts';
import type { Basket } from '../order/basket.types.ts';
import type { StoredBasket } from '../redemption/stored-basket.ts';
import { canonicalJson } from '../shared/canonical.ts';
import type { StoreTerms } from '../store/store.types.ts';
import type { StreamCheck, StreamMeans } from './verification.types.ts';

interface Share {
  lineId: string;
  unit: number;
  taxRate: string;
  amount: number;
}

interface Applied {
  id: string;
  kind: EffectKind;
  amount: number;
  reckoned: number | null;
  allocations: Share[];
}

/** A redemption of an earlier redeem on the order, as it stood before this one and as it stood at the end of that very millisecond. */
interface Earlier extends Applied {
  backBefore: number;
  backUntil: number;
  sharesBefore: Pick<Share, 'lineId' | 'unit' | 'amount'>[];
  sharesUntil: Pick<Share, 'lineId' | 'unit' | 'amount'>[];
  movedBefore: Pick<Share, 'lineId' | 'unit' | 'amount'>[];
  movedUntil: Pick<Share, 'lineId' | 'unit' | 'amount'>[];
  reversalsBefore: number;
  reversalsUntil: number;
}

interface Row {
  id: string;
  source: string;
  externalId: string;
  storeId: string;
  storeVersion: number | null;
  basket: StoredBasket;
  priced: PricedBasket;
  redemptions: Applied[];
  earlier: Earlier[];
}

const SHARES = `(select coalesce(json_agg(json_build_object('lineId', line_id, 'unit', unit, 'taxRate', trim_scale(tax_rate)::text, 'amount', share.amount) order by place), '[]') from allocation share where share.redemption_id = redemption.id and share.amount > 0)`;
const back = (until: '<' | '<=', what: string) =>
  `(select ${what} from reversal where reversal.redemption_id = redemption.id and reversal.at ${until} checkout.created_at)`;
const backShares = (until: '<' | '<=', column: 'allocations' | 'moved' = 'allocations') =>
  `(select coalesce(json_agg(share), '[]') from reversal, jsonb_array_elements(reversal.${column}) share where reversal.redemption_id = redemption.id and reversal.at ${until} checkout.created_at)`;

const CHECKOUTS = `
  select id, source, external_id as "externalId", store_id as "storeId", store_version as "storeVersion", basket, priced,
    (select coalesce(json_agg(json_build_object('id', redemption.id, 'kind', kind, 'amount', redemption.amount, 'reckoned', reckoned, 'allocations', ${SHARES}) order by step), '[]')
     from redemption where checkout_id = checkout.id) as redemptions,
    case when sequence = 0 then '[]'::json else
    (select coalesce(json_agg(json_build_object('id', redemption.id, 'kind', kind, 'amount', redemption.amount, 'reckoned', reckoned, 'allocations', ${SHARES},
       'backBefore', ${back('<', 'coalesce(sum(reversal.amount), 0)')}, 'backUntil', ${back('<=', 'coalesce(sum(reversal.amount), 0)')},
       'reversalsBefore', ${back('<', 'count(*)')}, 'reversalsUntil', ${back('<=', 'count(*)')},
       'sharesBefore', ${backShares('<')}, 'sharesUntil', ${backShares('<=')}, 'movedBefore', ${backShares('<', 'moved')}, 'movedUntil', ${backShares('<=', 'moved')}) order by made.sequence, step), '[]')
     from checkout made join redemption on redemption.checkout_id = made.id where made.source = checkout.source and made.external_id = checkout.external_id and made.sequence < checkout.sequence) end as earlier
  from checkout`;

/** What every redeem came to, reckoned again by the rules of today from its basket and from what its vouchers gave. */
export const pricedCheck: StreamCheck = {
  name: 'priced',
  kind: 'stream',
  needsSecret: false,
  promises:
    'Every redeem’s sums, taxes and lines are what its basket and its vouchers come to, and every share lies on a unit of it at its tax rate.',
  advice: 'What the guest was told to pay is in question. Compare the basket with the till’s bill; keep a copy before anything is mended.',
  async run(means) {
    const stores = await storesOf(means);
    let looked = 0;
    for await (const row of means.snapshot.stream<Row>(CHECKOUTS)) {
      looked += 1;
      if (looked % 20_000 === 0) means.progress(looked);
      const store = stores.get(`${row.storeId} ${row.storeVersion ?? ''}`);
      if (store) lookAt(row, store, means);
    }
    return looked;
  },
};

/** By id and version; where a redeem did not note its version, the store must have had one only. */
async function storesOf({ snapshot }: StreamMeans): Promise<Map<string, StoreTerms>> {
  const versions = await snapshot.rows<{ id: string; version: number; content: Omit<StoreTerms, 'id' | 'version'>; only: boolean }>(
    `select store_id as id, store_version.version, content, store.version = 1 as only from store_version join store on store.id = store_id`,
  );
  const stores = new Map<string, StoreTerms>();
  for (const { id, version, content, only } of versions) {
    const terms = { ...content, id, version };
    stores.set(`${id} ${version}`, terms);
    if (only) stores.set(`${id} `, terms);
  }
  return stores;
}

function lookAt(row: Row, store: StoreTerms, { find }: StreamMeans): void {
  const basket = basketOf(row);
  for (const redemption of row.redemptions) {
    for (const share of redemption.allocations) {
      const line = basket.lines.find((one) => one.id === share.lineId);
      const id = `${redemption.id} ${share.lineId} ${share.unit}`;
      const say = (expected: string, found: string) => find({ table: 'allocation', id, position: null, expected, found });
      if (!line) say('a line of its basket', 'none of that id');
      else if (share.unit < 1 || share.unit > unitsOf(line.quantity))
        say(`a unit from 1 to ${unitsOf(line.quantity)}`, `unit ${share.unit}`);
      else if (taxRateOf(line, store) !== share.taxRate) say(`the tax rate ${taxRateOf(line, store)}`, share.taxRate);
    }
  }
  const booked = row.redemptions.some((redemption) => redemption.reckoned !== null);
  const own = row.redemptions;
  const made = (until: boolean) => priceBasket(basket, store, [...row.earlier.flatMap((one) => standing(one, until)), ...own]);
  const differs = (priced: PricedBasket) =>
    booked ? givenPart(priced) !== givenPart(row.priced) : canonicalJson(priced) !== canonicalJson(row.priced);
  const first = made(true);
  // A reversal of the same millisecond came before the redeem or after it.
  if (!differs(first) || !differs(made(false))) return;
  const [expected, found] = differences(first, row.priced);
  find({ table: 'checkout', id: row.id, position: null, expected, found });
}

const basketOf = (row: Row): Basket => ({
  source: row.source,
  externalId: row.externalId,
  storeId: row.storeId,
  currency: row.priced.currency,
  channel: row.basket.channel,
  pricesIncludeTax: row.basket.pricesIncludeTax,
  lines: row.basket.lines.map((line) => ({ name: null, group: null, brand: null, discount: 0, taxRate: null, ...line })),
});

function standing(earlier: Earlier, until: boolean): AppliedVoucher[] {
  const back = until ? earlier.backUntil : earlier.backBefore;
  const times = until ? earlier.reversalsUntil : earlier.reversalsBefore;
  if (times > 0 && back >= earlier.amount) return [];
  const left = new Map<string, Pick<Share, 'lineId' | 'unit' | 'amount'>>();
  const add = (share: Pick<Share, 'lineId' | 'unit' | 'amount'>, sign: 1 | -1): void => {
    const { lineId, unit } = share;
    const key = `${unit} ${lineId}`;
    left.set(key, { lineId, unit, amount: (left.get(key)?.amount ?? 0) + sign * share.amount });
  };
  for (const share of earlier.allocations) add(share, 1);
  for (const share of until ? earlier.movedUntil : earlier.movedBefore) add(share, 1);
  for (const share of until ? earlier.sharesUntil : earlier.sharesBefore) add(share, -1);
  const allocations = [...left.values()];
  return [{ kind: earlier.kind, amount: earlier.amount - back, allocations }];
}

/** Where a platform's amount was booked, the sums kept are those that the rules reckoned: what the vouchers gave is not in question then. */
const givenPart = ({ currency, subtotal, lineDiscounts, lines }: PricedBasket): string =>
  canonicalJson([currency, subtotal, lineDiscounts, lines.map((line) => [line.lineId, line.gross])]);

function differences(expected: PricedBasket, found: PricedBasket): [string, string] {
  const names = (Object.keys(expected) as (keyof PricedBasket)[]).filter(
    (name) => canonicalJson(expected[name]) !== canonicalJson(found[name] ?? null),
  );
  const said = (priced: PricedBasket) => names.map((name) => `${name} ${canonicalJson(priced[name] ?? null)}`).join(', ');
  return [said(expected), said(found)];
}
