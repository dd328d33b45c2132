import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { bigInteger, day, instant, json, text } from '../../database/columns.ts';
import type { AllocationShare } from '../decision/decision.types.ts';

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
}
