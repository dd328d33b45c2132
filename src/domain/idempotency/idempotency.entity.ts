import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { instant, json, text } from '../../database/columns.ts';

/** The first answer to a mutation under its key. */
@Entity({ tableName: 'idempotency' })
@Index({
  name: 'idempotency_created_at_index',
  expression: 'create index "idempotency_created_at_index" on "idempotency" using brin ("created_at")',
})
export class Idempotency {
  /** The mutation's name. */
  @PrimaryKey(text())
  scope!: string;

  @PrimaryKey(text())
  key!: string;

  /** SHA-256 of the canonical input, hex; 'burnt' where a reversal by redeemKey came first. */
  @Property(text())
  inputHash!: string;

  /** What is needed to give the answer again: ids, and sums as they were. */
  @Property(json())
  answer!: unknown;

  @Property(instant())
  createdAt!: Date;
}
