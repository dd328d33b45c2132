import { Field, InputType } from 'type-graphql';
import { Pick } from './enums.ts';
import { MoneyInput } from './money.inputs.ts';
import { Decimal } from './scalars.ts';

@InputType({ description: 'Items by sku, by group or by brand: one match is enough.' })
export class ItemSelectorInput {
  @Field(() => [String], { nullable: true })
  skus?: string[] | null;

  @Field(() => [String], { nullable: true })
  groups?: string[] | null;

  @Field(() => [String], { nullable: true })
  brands?: string[] | null;
}

@InputType({
  description: 'Which lines an incentive is for. An empty scope means every line, one by one; no scope at all means the order as a whole.',
})
export class ScopeInput {
  @Field(() => ItemSelectorInput, { nullable: true, description: 'Left out: every item.' })
  include?: ItemSelectorInput | null;

  @Field(() => ItemSelectorInput, { nullable: true, description: 'Wins over include.' })
  exclude?: ItemSelectorInput | null;

  @Field(() => Boolean, { nullable: true, defaultValue: false, description: 'Passes over lines that carry a discount already.' })
  excludeDiscounted?: boolean | null;

  @Field(() => Decimal, { nullable: true, description: 'So many of the items must be in the basket.' })
  triggerQuantity?: string | null;

  @Field(() => Decimal, { nullable: true, description: 'At most so many of them get the discount; left out: all.' })
  applicableQuantity?: string | null;

  @Field(() => Pick, { nullable: true, defaultValue: 'CHEAPEST' })
  pick?: keyof typeof Pick | null;
}

@InputType()
export class PercentOffInput {
  @Field(() => Decimal, { description: 'Above 0, at most 100.' })
  percent!: string;

  @Field(() => MoneyInput, { nullable: true, description: 'It gives no more than this.' })
  maximum?: MoneyInput | null;

  @Field(() => ScopeInput, { nullable: true })
  scope?: ScopeInput | null;
}

@InputType()
export class AmountOffInput {
  @Field(() => MoneyInput, { description: 'Given once a voucher, at most what is due on the items.' })
  amount!: MoneyInput;

  @Field(() => ScopeInput, { nullable: true })
  scope?: ScopeInput | null;
}

@InputType({ description: 'A part payment. What exceeds the amount due is lost.' })
export class TenderInput {
  @Field(() => MoneyInput)
  value!: MoneyInput;
}

@InputType({ description: 'What a voucher gives: exactly one of the fields. More kinds will come.' })
export class IncentiveInput {
  @Field(() => PercentOffInput, { nullable: true })
  percentOff?: PercentOffInput | null;

  @Field(() => AmountOffInput, { nullable: true })
  amountOff?: AmountOffInput | null;

  @Field(() => TenderInput, { nullable: true })
  tender?: TenderInput | null;
}
