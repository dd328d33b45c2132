import { types } from '@mikro-orm/core';
import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { bigInteger, day, instant, jsonText, text } from '../../database/columns.ts';
import type { TaxClass } from '../campaign/campaign.types.ts';
import type { CounterUse, EffectKind } from '../decision/decision.types.ts';

export const ENTRY_MODES = ['SCANNED', 'KEYED', 'LINK', 'API'] as const;
export type EntryMode = (typeof ENTRY_MODES)[number];

@Entity({ tableName: 'redemption' })
@Index({ properties: ['patternId', 'index'] })
@Index({ properties: ['storeId', 'redeemedAt'] })
@Index({
  name: 'redemption_linked_order_index',
  expression: 'create index "redemption_linked_order_index" on "redemption" ("linked_order_id") where linked_order_id is not null',
})
@Index({ properties: ['campaignId', 'redeemedAt'] })
@Index({
  name: 'redemption_customer_index',
  expression: 'create index "redemption_customer_index" on "redemption" ("customer_id", "redeemed_at") where customer_id is not null',
})
export class Redemption {
  @PrimaryKey(text())
  id!: string;

  @Property(text())
  @Index()
  checkoutId!: string;

  @Property(text())
  campaignId!: string;

  @Property({ type: types.integer })
  campaignVersion!: number;

  @Property({ type: types.integer })
  patternId!: number;

  @Property({ type: bigInteger, fieldName: 'idx' })
  index!: number;

  @Property(text())
  code!: string;

  @Property(text())
  kind!: EffectKind;

  @Property(text())
  taxClass!: TaxClass;

  @Property({ type: bigInteger })
  amount!: number;

  @Property({ ...text(), columnType: 'char(3)' })
  currency!: string;

  /** What the rules reckoned, where a platform had given another amount, which was booked. */
  @Property({ type: bigInteger, nullable: true })
  reckoned!: number | null;

  /** What came back by reversals. */
  @Property({ type: bigInteger })
  reversed!: number;

  /** Nothing is left of it: the voucher's use was given back. */
  @Property({ type: types.boolean })
  undone!: boolean;

  @Property(text())
  storeId!: string;

  @Property({ ...text(), nullable: true })
  customerId!: string | null;

  @Property(day())
  businessDay!: string;

  @Property(instant())
  redeemedAt!: Date;

  @Property({ ...text(), nullable: true })
  tillId!: string | null;

  @Property({ ...text(), nullable: true })
  staffId!: string | null;

  @Property(text())
  entryMode!: EntryMode;

  /** Place in the order of application, from 1. */
  @Property({ type: types.integer })
  step!: number;

  @Property(text())
  orderSource!: string;

  @Property(text())
  orderExternalId!: string;

  /** The platform's order that is the payment of what a till had redeemed through the hub. */
  @Property({ ...text(), nullable: true })
  linkedOrderId!: string | null;

  /** What it took from the counters; a reversal gives exactly this back. */
  @Property(jsonText())
  taken!: CounterUse[];
}
