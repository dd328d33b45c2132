import { types } from '@mikro-orm/core';
import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { bigInteger, day, instant, json, text } from '../../database/columns.ts';
import type { CodePlace } from '../code/code.types.ts';

export interface RefundLine {
  readonly lineId: string;
  /** Exact decimal text, above zero. */
  readonly quantity: string;
}

/** Money given back for a recorded order, and what came back with it. */
@Entity({ tableName: 'refund' })
export class Refund {
  @PrimaryKey(text())
  id!: string;

  @Property(text())
  @Index()
  orderId!: string;

  /** The platform's id; null where a caller refunded through the hub. */
  @Property({ ...text(), nullable: true })
  externalId!: string | null;

  @Property(instant())
  at!: Date;

  @Property(day())
  businessDay!: string;

  @Property(text())
  storeId!: string;

  @Property({ type: bigInteger })
  amount!: number;

  @Property({ ...text(), columnType: 'char(3)' })
  currency!: string;

  /** What came back of each line; empty = by amount. */
  @Property(json())
  lines!: RefundLine[];

  /** Nothing of the order is left. */
  @Property({ type: types.boolean })
  whole!: boolean;

  @Property({ ...text(), nullable: true })
  reason!: string | null;

  /** The API key or connection that told of it. */
  @Property(text())
  actorId!: string;

  /** Reversals made by it. */
  @Property(json())
  reversalIds!: string[];

  /** Vouchers that the order had earned: taken back by it, and kept because they were used. */
  @Property(json())
  takenBack!: CodePlace[];

  @Property(json())
  keptBecauseUsed!: CodePlace[];
}
