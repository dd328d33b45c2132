import { types } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { decimalText, instant, json, text, textArray } from '../../database/columns.ts';

@Entity({ tableName: 'store' })
export class Store {
  @PrimaryKey(text())
  id!: string;

  @Property(text())
  name!: string;

  /** IANA zone */
  @Property(text())
  timeZone!: string;

  /** HH:MM, local */
  @Property(text())
  businessDayStart!: string;

  @Property({ ...text(), columnType: 'char(3)' })
  currency!: string;

  @Property(textArray())
  groups!: string[];

  @Property(text())
  language!: string;

  @Property(decimalText())
  defaultTaxRate!: string;

  @Property(json())
  taxRates!: { group: string; rate: string }[];

  @Property({ type: types.integer, nullable: true })
  maxVouchersPerOrder!: number | null;

  /** Goes up with each change; a redemption decided on an older one is decided again. */
  @Property({ type: types.integer })
  version!: number;

  @Property(instant())
  createdAt!: Date;
}
