import type pg from 'pg';
import type { Actor } from '../access/roles.ts';
import type { BasketLine } from '../order/basket.types.ts';
import type { OrderRecord } from '../order/order.types.ts';
import { canonicalJson } from '../shared/canonical.ts';
import { writeAudit } from './audit-writer.ts';

/** Who recorded an order, or what of it; of its lines those that differ, by their ids. */
export async function auditOrder(
  client: pg.PoolClient,
  actor: Actor,
  at: number,
  before: OrderRecord | null,
  after: OrderRecord,
): Promise<void> {
  const audit = { at, actorId: actor.id, operation: 'recordOrder', subjectId: after.id };
  if (before === null) {
    await writeAudit(client, { ...audit, before: null, after: { ...figuresOf(after), lines: after.basket.lines.length } });
    return;
  }
  const lines = { before: linesOf(before), after: linesOf(after) };
  const differing = [...new Set([...lines.before.keys(), ...lines.after.keys()])].filter(
    (id) => canonicalJson(lines.before.get(id) ?? null) !== canonicalJson(lines.after.get(id) ?? null),
  );
  const pick = (side: ReadonlyMap<string, BasketLine>) => Object.fromEntries(differing.map((id) => [id, side.get(id) ?? null]));
  await writeAudit(client, {
    ...audit,
    before: { ...figuresOf(before), lines: pick(lines.before) },
    after: { ...figuresOf(after), lines: pick(lines.after) },
  });
}

const linesOf = ({ basket }: OrderRecord): Map<string, BasketLine> => new Map(basket.lines.map((line) => [line.id, line]));

function figuresOf(order: OrderRecord): Readonly<Record<string, unknown>> {
  const { source, externalId, revision, storeId, customerId, placedAt, payments, priced } = order;
  const due = { minor: priced.due, currency: priced.currency };
  return { source, externalId, revision, storeId, customerId, placedAt, payments, channel: order.basket.channel, due };
}
