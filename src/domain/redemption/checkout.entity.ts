import { types } from '@mikro-orm/core';
import { Entity, Index, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { day, instant, jsonText, text, textArray } from '../../database/columns.ts';
import type { PricedBasket } from '../decision/decision.types.ts';
import type { StoredBasket } from './stored-basket.ts';

/** One redeem that was granted: the basket it was decided on, kept so that the decision can be replayed. */
@Entity({ tableName: 'checkout' })
@Unique({ properties: ['source', 'externalId', 'sequence'] })
@Index({ properties: ['actorId', 'createdAt'] })
@Index({
  name: 'checkout_customer_index',
  expression: 'create index "checkout_customer_index" on "checkout" ("customer_id") where customer_id is not null',
})
export class Checkout {
  @PrimaryKey(text())
  id!: string;

  @Property(text())
  source!: string;

  @Property(text())
  externalId!: string;

  /** 0 for the first redeem on an order, and so on: two at once cannot both be the first. */
  @Property({ type: types.integer })
  sequence!: number;

  @Property(text())
  storeId!: string;

  @Property({ ...text(), nullable: true })
  customerId!: string | null;

  @Property(text())
  redeemKey!: string;

  @Property(day())
  businessDay!: string;

  @Property(jsonText())
  basket!: StoredBasket;

  @Property(jsonText())
  priced!: PricedBasket;

  /** Given line discounts by line id where an order-level voucher locked the lines. */
  @Property({ ...jsonText(), nullable: true })
  lockedDiscounts!: Record<string, number> | null;

  @Property(textArray())
  stackingGroups!: string[];

  @Property({ type: types.boolean })
  exclusive!: boolean;

  @Property(instant())
  placedAt!: Date;

  /** The API key, or the connection whose order it was; null in what was written before it was kept. */
  @Property({ ...text(), nullable: true })
  actorId!: string | null;

  /** The version of the store it was decided by. */
  @Property({ type: types.integer, nullable: true })
  storeVersion!: number | null;

  /** The version of the rules it was decided by. */
  @Property({ type: types.integer, default: 1 })
  ruleVersion!: number;

  /** What else the decision looked at, where there was more than basket and terms: customer, vouchers, counters, earlier redeems. */
  @Property({ ...jsonText(), nullable: true })
  inputs!: unknown;

  @Property(instant())
  createdAt!: Date;
}
