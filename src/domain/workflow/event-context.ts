import type pg from 'pg';
import type { CampaignService } from '../campaign/campaign.service.ts';
import type { CodeService } from '../code/code.service.ts';
import type { CustomerService } from '../customer/customer.service.ts';
import type { PricedBasket } from '../decision/decision.types.ts';
import { type ExpressionValue, expressionValue } from '../expression/expression-values.ts';
import type { LedgerEventRecord } from '../ledger/ledger.types.ts';
import type { RedemptionRecord } from '../redemption/redemption.types.ts';
import { REDEMPTION_COLUMNS } from '../redemption/redemption-reader.ts';
import { orderKey } from '../shared/order-key.ts';
import type { StoreService } from '../store/store.service.ts';
import type { VoucherService } from '../voucher/voucher.service.ts';
import type { VoucherView } from '../voucher/voucher.types.ts';
import { campaignFacts, eventFacts, pricedFacts, redemptionFacts, voucherFacts } from './event-facts.ts';
import { EVENT_VARIABLES, type EventVariable } from './variables.ts';

/** Whose records expressions see. */
export interface ContextSources {
  readonly pool: pg.Pool;
  readonly stores: Pick<StoreService, 'get'>;
  readonly campaigns: Pick<CampaignService, 'byIds' | 'counts' | 'budgets'>;
  readonly customers: Pick<CustomerService, 'byIds'>;
  readonly codes: Pick<CodeService, 'find'>;
  readonly vouchers: Pick<VoucherService, 'byPlaces'>;
}

interface OrderRow {
  readonly id: string | null;
  readonly source: string;
  readonly externalId: string;
  readonly storeId: string;
  readonly customerId: string | null;
  readonly businessDay: string;
  readonly priced: PricedBasket;
  /** Minor units. */
  readonly refunded: number;
}
type Facts = Readonly<Record<string, unknown>>;
type FactsById = ReadonlyMap<string, Facts>;

/** The events' own words stay as they were sealed; everything else is in its state of now. */
export class EventContexts {
  readonly #events: ReadonlyMap<number, Readonly<Record<EventVariable, unknown>>>;
  readonly #vouchers: FactsById;

  constructor(events: ReadonlyMap<number, Readonly<Record<EventVariable, unknown>>>, vouchers: FactsById) {
    this.#events = events;
    this.#vouchers = vouchers;
  }

  /** The variables of one of the events; those that were not asked for are null. */
  scope(position: number): Readonly<Record<EventVariable, ExpressionValue>> {
    const facts = this.#events.get(position);
    if (facts === undefined) throw new Error(`The context of event ${position} was not loaded.`);
    const values = Object.entries(EVENT_VARIABLES).map(([name, type]) => [name, expressionValue(type, facts[name as EventVariable])]);
    return Object.fromEntries(values) as Readonly<Record<EventVariable, ExpressionValue>>;
  }

  /** One of the codes that were asked for, in the form of expressions; null where it is no voucher. */
  voucher(code: string): Facts | null {
    return this.#vouchers.get(code) ?? null;
  }
}

/** Loads what the expressions need of these events, each kind of record by one query. `codes`: further vouchers. */
export async function loadContexts(
  sources: ContextSources,
  events: readonly LedgerEventRecord[],
  needs: ReadonlySet<EventVariable>,
  codes: readonly string[] = [],
): Promise<EventContexts> {
  const has = (variable: EventVariable) => needs.has(variable);
  const eventCodes = has('voucher') ? events.flatMap(({ code }) => code ?? []) : [];
  const views = await voucherViews(sources, [...eventCodes, ...codes]);
  const orders = has('order') ? await readOrders(sources.pool, events) : new Map<string, OrderRow>();
  const redemptions = has('order') ? await readRedemptionsOf(sources.pool, [...orders.values()]) : new Map<string, RedemptionRecord[]>();
  const vouchers = [...views.values()];
  const campaigns = await campaignsById(sources, [
    ...(has('campaign') ? events.map(({ campaignId }) => campaignId) : []),
    ...vouchers.map(({ campaignId }) => campaignId),
  ]);
  const customers = await customersById(sources, [
    ...(has('customer') ? events.map(({ customerId }) => customerId) : []),
    ...vouchers.map(({ customerId }) => customerId),
    ...[...orders.values()].map(({ customerId }) => customerId),
  ]);
  const stores = await storesById(sources, [
    ...events.map(({ storeId }) => storeId),
    ...[...orders.values()].map(({ storeId }) => storeId),
    ...[...redemptions.values()].flat().map(({ storeId }) => storeId),
  ]);
  const of = (records: FactsById, id: string | null) => (id === null ? null : (records.get(id) ?? null));

  const voucherByCode = new Map(
    [...views].map(([code, view]) => [
      code,
      { ...voucherFacts(view), campaign: of(campaigns, view.campaignId), customer: of(customers, view.customerId) },
    ]),
  );
  const scopes = events.map((event) => {
    const order = orders.get(orderKey(event.orderSource, event.orderExternalId));
    return [
      event.position,
      {
        event: { ...eventFacts(event), store: of(stores, event.storeId) },
        store: of(stores, event.storeId),
        voucher: event.code === null ? null : voucherByCode.get(event.code),
        campaign: has('campaign') ? of(campaigns, event.campaignId) : null,
        customer: has('customer') ? of(customers, event.customerId) : null,
        order: order && {
          ...order,
          priced: pricedFacts(order.priced),
          refunded: { minor: order.refunded, currency: order.priced.currency },
          store: of(stores, order.storeId),
          customer: of(customers, order.customerId),
          redemptions: (redemptions.get(orderKey(order.source, order.externalId)) ?? []).map((record) => ({
            ...redemptionFacts(record),
            store: of(stores, record.storeId),
          })),
        },
      },
    ] as const;
  });
  return new EventContexts(new Map(scopes), voucherByCode);
}

const given = (ids: readonly (string | null)[]): string[] => [...new Set(ids.filter((id) => id !== null))];

async function voucherViews(sources: ContextSources, codes: readonly string[]): Promise<Map<string, VoucherView>> {
  const hits = await Promise.all(given(codes).map(async (code) => ({ code, hit: await sources.codes.find(code) })));
  const found = hits.flatMap(({ code, hit }) =>
    hit.found === 'code' ? [{ code, place: { patternId: hit.patternId, index: hit.index } }] : [],
  );
  const views = found.length === 0 ? [] : await sources.vouchers.byPlaces(found.map(({ place }) => place));
  return new Map(found.flatMap(({ code }, at) => (views[at] ? [[code, views[at]] as const] : [])));
}

/** A recorded order; else the basket of the redeem, which has no id of an order yet. */
async function readOrders(pool: ContextSources['pool'], events: readonly LedgerEventRecord[]): Promise<Map<string, OrderRow>> {
  const keys = events.filter(({ orderExternalId }) => orderExternalId !== null);
  if (keys.length === 0) return new Map();
  const { rows } = await pool.query<OrderRow>(
    `with wanted as (select distinct * from unnest($1::text[], $2::text[]) as wanted (source, external_id))
     select * from (
       select distinct on (source, external_id) checkout.source, checkout.external_id as "externalId", null::text as id, store_id as "storeId", customer_id as "customerId", business_day as "businessDay", priced::jsonb, 0::bigint as refunded
       from checkout join wanted using (source, external_id) order by source, external_id, sequence desc) checkouts
     union all
     select orders.source, orders.external_id, id, store_id, customer_id, business_day, priced, (select coalesce(sum(amount), 0)::bigint from refund where order_id = orders.id) from orders join wanted using (source, external_id)`,
    [keys.map(({ orderSource }) => orderSource), keys.map(({ orderExternalId }) => orderExternalId)],
  );
  // Orders come last and take the place of their checkouts.
  return new Map(rows.map((row) => [orderKey(row.source, row.externalId), row]));
}

async function readRedemptionsOf(pool: ContextSources['pool'], orders: readonly OrderRow[]): Promise<Map<string, RedemptionRecord[]>> {
  if (orders.length === 0) return new Map();
  const { rows } = await pool.query<RedemptionRecord>(
    `select ${REDEMPTION_COLUMNS} from redemption where (order_source, order_external_id) in (select * from unnest($1::text[], $2::text[])) order by id`,
    [orders.map(({ source }) => source), orders.map(({ externalId }) => externalId)],
  );
  return Map.groupBy(rows, (row) => orderKey(row.orderSource, row.orderExternalId));
}

async function campaignsById(sources: ContextSources, wanted: readonly (string | null)[]): Promise<FactsById> {
  const ids = given(wanted);
  if (ids.length === 0) return new Map();
  const records = (await sources.campaigns.byIds(ids)).filter((record) => record !== null);
  const mains = (await sources.campaigns.byIds(given(records.map(({ parentId }) => parentId)))).filter((record) => record !== null);
  const all = [...new Map([...records, ...mains].map((record) => [record.id, record])).values()];
  const allIds = all.map(({ id }) => id);
  const [counts, uses, stores] = [
    await sources.campaigns.counts(allIds),
    await sources.campaigns.budgets(allIds),
    await storesById(
      sources,
      all.flatMap(({ storeIds }) => storeIds ?? []),
    ),
  ];
  const facts = new Map(
    all.map((record, at) => [
      record.id,
      { ...campaignFacts(record, counts[at], uses[at]), stores: record.storeIds?.map((id) => stores.get(id)) ?? null },
    ]),
  );
  return new Map(
    all.map((record) => [record.id, { ...facts.get(record.id), parent: record.parentId === null ? null : facts.get(record.parentId) }]),
  );
}

async function customersById({ customers }: ContextSources, wanted: readonly (string | null)[]): Promise<FactsById> {
  const ids = given(wanted);
  if (ids.length === 0) return new Map();
  const records = (await customers.byIds(ids)).filter((record) => record !== null);
  return new Map(records.map((record) => [record.id, { ...record }]));
}

async function storesById({ stores }: ContextSources, wanted: readonly (string | null)[]): Promise<FactsById> {
  const found = await Promise.all(given(wanted).map((id) => stores.get(id)));
  return new Map(found.filter((terms) => terms !== null).map((terms) => [terms.id, { ...terms }]));
}
