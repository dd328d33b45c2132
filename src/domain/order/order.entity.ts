import { Entity, Index, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { bigInteger, day, instant, json, text } from '../../database/columns.ts';
import type { PricedBasket } from '../decision/decision.types.ts';
import type { Basket } from './basket.types.ts';
import type { PlatformFigures } from './order.types.ts';

export interface Payment {
  readonly method: string;
  readonly amount: number;
  readonly externalId: string | null;
  readonly paidAt: string | null;
}

/** A recorded order. (source, externalId) is its identity. */
@Entity({ tableName: 'orders' })
@Unique({ properties: ['source', 'externalId'] })
@Index({ properties: ['storeId', 'businessDay'] })
export class Order {
  @PrimaryKey(text())
  id!: string;

  @Property(text())
  source!: string;

  @Property(text())
  externalId!: string;

  /** The source's version; a lower one never overwrites. */
  @Property({ type: bigInteger, nullable: true })
  revision!: number | null;

  @Property(text())
  state!: 'OPEN' | 'PAID' | 'VOIDED';

  @Property(text())
  storeId!: string;

  @Property({ ...text(), nullable: true })
  @Index()
  customerId!: string | null;

  @Property(day())
  businessDay!: string;

  @Property(instant())
  placedAt!: Date;

  @Property(json())
  basket!: Basket;

  @Property(json())
  payments!: Payment[];

  @Property(json())
  priced!: PricedBasket;

  /** What the platform itself says of it; null for orders that no platform told of. */
  @Property({ ...json(), nullable: true })
  platform!: PlatformFigures | null;

  /** SHA-256 of the canonical input: the same body again changes nothing. */
  @Property(text())
  contentHash!: string;

  @Property(instant())
  recordedAt!: Date;
}
