import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { bigInteger, day, instant, json, jsonText, text } from '../../database/columns.ts';
import type { ReversalPolicy } from '../campaign/campaign.types.ts';
import type { AllocationShare, PricedBasket } from '../decision/decision.types.ts';

@Entity({ tableName: 'reversal' })
export class Reversal {
  @PrimaryKey(text())
  id!: string;

  @Property(text())
  @Index()
  redemptionId!: string;

  @Property(instant())
  at!: Date;

  /** The day on which it was made. */
  @Property(day())
  businessDay!: string;

  @Property(text())
  storeId!: string;

  @Property(text())
  reason!: string;

  @Property({ type: bigInteger })
  amount!: number;

  @Property({ ...text(), columnType: 'char(3)' })
  currency!: string;

  /** What was taken back, positive. */
  @Property(json())
  allocations!: AllocationShare[];

  /** Units returned by line id, where it was made by unit. */
  @Property({ ...json(), nullable: true })
  units!: Record<string, string> | null;

  /** Shares that changed their unit with it: below 0 where they were, above 0 where they are. The sum is 0. */
  @Property({ ...json(), default: '[]' })
  moved!: AllocationShare[];

  /** What the campaign says of returned units; null where it was not made by unit. */
  @Property({ ...text(), nullable: true })
  policy!: ReversalPolicy | null;

  /** The order without what was returned, as it stood afterwards; null in what was written before it was kept. */
  @Property({ ...jsonText(), nullable: true })
  priced!: PricedBasket | null;
}
