import type { HubOrder } from '@valehub/connector-kit';
import type pg from 'pg';
import type { ItemSelector } from '../../domain/campaign/incentive.types.ts';
import type { MappedProduct, ProductDraft } from '../../domain/connection/publication.types.ts';
import { storableText } from '../../domain/connection/storable.ts';

/** Which article of the hub one of a platform is: for orders on the way in, and for campaigns on the way out. */
export class ProductMap {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async list(connectionId: string): Promise<readonly MappedProduct[]> {
    const { rows } = await this.#pool.query<MappedProduct>(
      'select external_id as "externalId", sku, group_name as "group", brand from product_mapping where connection_id = $1 order by sku, external_id',
      [connectionId],
    );
    return rows;
  }

  /** An order with the hub's articles in place of the platform's, as far as somebody has said which they are. */
  async translated(connectionId: string, order: HubOrder): Promise<HubOrder> {
    if (order.lines.length === 0) return order;
    const { rows } = await this.#pool.query<MappedProduct>({
      name: 'products-of-order',
      text: 'select external_id as "externalId", sku, group_name as "group", brand from product_mapping where connection_id = $1 and external_id = any($2)',
      values: [connectionId, order.lines.map(({ sku }) => storableText(sku))],
    });
    if (rows.length === 0) return order;
    const known = new Map(rows.map((row) => [row.externalId, row]));
    const lines = order.lines.map((line) => {
      const product = known.get(storableText(line.sku));
      if (product === undefined) return line;
      const { sku, group, brand } = product;
      return { ...line, sku, ...(group === null ? {} : { group }), ...(brand === null ? {} : { brand }) };
    });
    return { ...order, lines };
  }

  /** The platform's ids of what a campaign names; `unknown`: what nobody has mapped. */
  async selected(connectionId: string, selector: ItemSelector): Promise<{ ids: readonly string[]; unknown: readonly string[] }> {
    const { skus = [], groups = [], brands = [] } = selector;
    if (skus.length + groups.length + brands.length === 0) return { ids: [], unknown: [] };
    const { rows } = await this.#pool.query<MappedProduct>(
      `select external_id as "externalId", sku, group_name as "group", brand from product_mapping
       where connection_id = $1 and (sku = any($2) or group_name = any($3) or brand = any($4)) order by external_id`,
      [connectionId, skus, groups, brands],
    );
    const has = (of: (row: MappedProduct) => string | null) => new Set(rows.map(of));
    const [bySku, byGroup, byBrand] = [has(({ sku }) => sku), has(({ group }) => group), has(({ brand }) => brand)];
    const unknown = [
      ...skus.filter((sku) => !bySku.has(sku)),
      ...groups.filter((group) => !byGroup.has(group)),
      ...brands.filter((brand) => !byBrand.has(brand)),
    ];
    return { ids: [...new Set(rows.map(({ externalId }) => externalId))], unknown };
  }
}

const PUT = `insert into product_mapping (connection_id, external_id, sku, group_name, brand)
  select $1, p."externalId", p.sku, p."group", p.brand from jsonb_to_recordset($2::jsonb) as p ("externalId" text, sku text, "group" text, brand text)
  on conflict (connection_id, external_id) do update set sku = excluded.sku, group_name = excluded.group_name, brand = excluded.brand`;

/** In the caller's transaction. A product without a sku is taken out. */
export async function putProducts(
  run: { query(text: string, values: unknown[]): Promise<unknown> },
  connectionId: string,
  products: readonly ProductDraft[],
): Promise<void> {
  const gone = products.filter(({ sku }) => sku === null).map(({ externalId }) => externalId);
  const kept = products.filter(({ sku }) => sku !== null);
  if (kept.length > 0) await run.query(PUT, [connectionId, JSON.stringify(kept)]);
  if (gone.length > 0)
    await run.query(
      'delete from product_mapping where connection_id = $1 and external_id in (select jsonb_array_elements_text($2::jsonb))',
      [connectionId, JSON.stringify(gone)],
    );
}
