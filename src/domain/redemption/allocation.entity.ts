import { types } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { bigInteger, decimalText, text } from '../../database/columns.ts';

/** The share of a redemption that lies on one unit of one line. */
@Entity({ tableName: 'allocation' })
export class Allocation {
  @PrimaryKey(text())
  redemptionId!: string;

  /** Place in the list of shares, from 0. */
  @PrimaryKey({ type: types.integer })
  place!: number;

  @Property(text())
  lineId!: string;

  @Property({ type: types.integer })
  unit!: number;

  @Property(decimalText())
  taxRate!: string;

  @Property({ type: bigInteger })
  amount!: number;

  /** What came from other units of the redemption, less what went there, when units were returned; `amount` is 0 where it is all there is. */
  @Property({ type: bigInteger, defaultRaw: '0' })
  moved!: number;

  /** How much of both reversals took back. */
  @Property({ type: bigInteger })
  returned!: number;
}
