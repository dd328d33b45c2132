import type pg from 'pg';
import { segmentHolds } from '../decision/condition-expression.ts';
import type { CustomerFacts } from '../decision/decision.types.ts';
import type { FactsAsked, LoadedFacts } from '../decision/facts-asked.ts';
import type { SegmentService } from '../segment/segment.service.ts';

/** The order that is being decided, and whose it is: null = a customer who is not known yet. */
export interface FactsSubject {
  readonly customerId: string | null;
  readonly source: string;
  readonly externalId: string;
  /** The hub's clock, epoch ms. */
  readonly now: number;
}

type Stored = Omit<CustomerFacts, 'segmentIds'> & { readonly listedIn: readonly string[] };

// Orders are counted up to 1,000 of a kind: what is asked is whether there are any, or few. A platform's order that pays a redemption of
// a till is the same order as that redeem.
const READ = `
select groups, birthday::text, anniversary::text, floor(extract(epoch from created_at) * 1000)::bigint as "createdAt",
  (select count(*) from (
    (select source, external_id from orders
     where customer_id = $1 and state <> 'VOIDED' and (source, external_id) <> ($2, $3)
       and not exists (select from checkout join redemption on checkout_id = checkout.id where checkout.source = $2 and checkout.external_id = $3 and linked_order_id = orders.id)
     limit 1000)
    union
    (select source, external_id from checkout
     where customer_id = $1 and (source, external_id) <> ($2, $3)
       and exists (select from redemption left join orders on orders.id = linked_order_id
         where checkout_id = checkout.id and not undone and orders.customer_id is distinct from $1 and (orders.source, orders.external_id) is distinct from ($2, $3))
     limit 1000)
  ) others) as orders,
  array(select segment_id from segment_member where customer_id = $1 and segment_id = any($4::text[])) as "listedIn"
from customer where id = $1`;

/** Reads what decisions ask of customers. */
export class CustomerFactsReader {
  readonly #segments: SegmentService;

  constructor(segments: SegmentService) {
    this.#segments = segments;
  }

  /** In one statement; the expressions of segments are asked here, of this one customer. */
  async read(run: Pick<pg.Pool, 'query'>, { customerId, source, externalId, now }: FactsSubject, asked: FactsAsked): Promise<LoadedFacts> {
    const segments = (await this.#segments.byIds(asked.segmentIds)).filter((segment) => segment !== null);
    const lists = segments.flatMap((segment) => (segment.kind === 'STATIC' ? [segment.id] : []));
    const stored = customerId === null ? null : await readStored(run, [customerId, source, externalId, lists]);
    const { listedIn, ...known } = stored ?? nobodyYet(now);
    const segmentIds = segments
      .filter((segment) =>
        segment.expression === null ? listedIn.includes(segment.id) : segmentHolds(segment.expression, customerId, known),
      )
      .map((segment) => segment.id);
    return { facts: { ...known, segmentIds }, asked };
  }
}

async function readStored(run: Pick<pg.Pool, 'query'>, values: unknown[]): Promise<Stored | null> {
  const { rows } = await run.query<Stored>({ name: 'customer-facts', text: READ, values });
  return rows[0] ?? null;
}

/** Who would be made by this very order. */
const nobodyYet = (now: number): Stored => ({ groups: [], birthday: null, anniversary: null, createdAt: now, orders: 0, listedIn: [] });
