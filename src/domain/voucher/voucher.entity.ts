import { types } from '@mikro-orm/core';
import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { bigInteger, instant, text } from '../../database/columns.ts';

/**
 * A voucher that was touched (issued, held, redeemed, blocked). A code of a batch without a row is CREATED.
 * HELD and EXPIRED are not stored: they follow from `holds` and `validUntil` (voucher.rules.ts).
 */
@Entity({ tableName: 'voucher' })
@Index({ properties: ['campaignId', 'createdAt'] })
@Index({
  name: 'voucher_customer_index',
  expression: 'create index "voucher_customer_index" on "voucher" ("customer_id", "created_at") where customer_id is not null',
})
@Index({
  name: 'voucher_expiry_index',
  expression: `create index "voucher_expiry_index" on "voucher" ("valid_until") where status = 'ISSUED' and valid_until is not null`,
})
@Index({
  name: 'voucher_card_expiry_index',
  expression: `create index "voucher_card_expiry_index" on "voucher" ("valid_until") where status = 'PARTLY_REDEEMED' and valid_until is not null`,
})
@Index({
  name: 'voucher_source_order_index',
  expression: 'create index "voucher_source_order_index" on "voucher" ("source_order_id") where source_order_id is not null',
})
export class Voucher {
  @PrimaryKey({ type: types.integer })
  patternId!: number;

  /** Place in the pattern. */
  @PrimaryKey({ type: bigInteger, fieldName: 'idx' })
  index!: number;

  @Property(text())
  code!: string;

  @Property(text())
  campaignId!: string;

  @Property(text())
  status!: 'CREATED' | 'ISSUED' | 'PARTLY_REDEEMED' | 'REDEEMED' | 'EXPIRED' | 'BLOCKED' | 'CANCELLED';

  /** Redemptions that stand. */
  @Property({ type: types.integer })
  uses!: number;

  /** null = bounded by the campaign's limits only (a shared word) */
  @Property({ type: types.integer, nullable: true })
  maxUses!: number | null;

  /** Uses set aside by active holds. */
  @Property({ type: types.integer })
  holds!: number;

  @Property({ ...text(), nullable: true })
  customerId!: string | null;

  @Property({ ...instant(), nullable: true })
  validFrom!: Date | null;

  @Property({ ...instant(), nullable: true })
  validUntil!: Date | null;

  /** The version of its campaign under which it was issued, and whose promise it keeps; null = never issued to anybody. */
  @Property({ type: types.integer, nullable: true })
  termsVersion!: number | null;

  /** The recorded order that earned it. */
  @Property({ ...text(), nullable: true })
  sourceOrderId!: string | null;

  /** When it was first touched. */
  @Property(instant())
  createdAt!: Date;
}
