import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { instant, json, text } from '../../database/columns.ts';
import type { Failure, NearestBasketDraft } from '../decision/decision.types.ts';
import type { ReasonCode } from '../shared/reasons.ts';

export type RejectedAction = 'VALIDATE' | 'HOLD' | 'REDEEM' | 'REVERSE' | 'ISSUE';

/** A refusal, kept with its numbers; texts are made from them in the reader's language. */
@Entity({ tableName: 'rejection' })
@Index({ properties: ['campaignId', 'at'] })
@Index({ properties: ['storeId', 'at'] })
@Index({ properties: ['orderSource', 'orderExternalId'] })
@Index({
  name: 'rejection_listed_index',
  expression: `create index "rejection_listed_index" on "rejection" ("id") where action <> 'VALIDATE'`,
})
export class Rejection {
  @PrimaryKey(text())
  id!: string;

  @Property(instant())
  at!: Date;

  @Property(text())
  action!: RejectedAction;

  /** Normalised; null where the refusal is about no code (a reversal, an idempotency key). */
  @Property({ ...text(), nullable: true })
  @Index()
  code!: string | null;

  @Property(text())
  reason!: ReasonCode;

  /** Every failing rule, the headline first. */
  @Property(json())
  failures!: Failure[];

  @Property({ ...json(), nullable: true })
  nearestBasket!: NearestBasketDraft | null;

  @Property({ ...text(), nullable: true })
  campaignId!: string | null;

  @Property({ ...text(), nullable: true })
  storeId!: string | null;

  @Property({ ...text(), nullable: true })
  customerId!: string | null;

  /** Who was refused: the API key or connection. */
  @Property(text())
  actorId!: string;

  @Property({ ...text(), nullable: true })
  orderSource!: string | null;

  @Property({ ...text(), nullable: true })
  orderExternalId!: string | null;
}
