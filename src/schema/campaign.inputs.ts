import { Field, ID, InputType, Int } from 'type-graphql';
import { Distribution, LimitCounts, LimitPer, LimitPeriod, Pick, ReversalPolicy, SalesChannel, TaxClass } from './enums.ts';
import { Currency, Decimal, JSONValue, LocalDate, SafeInt } from './scalars.ts';

@InputType()
export class MoneyInput {
  @Field(() => SafeInt, { description: 'Minor units.' })
  minor!: number;

  @Field(() => Currency)
  currency!: string;
}

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

@InputType({
  description: 'What an order must be like. Amounts in minor units of the store’s currency, looked at before vouchers, bounds included.',
})
export class ConditionsInput {
  @Field(() => SafeInt, { nullable: true })
  minimumOrder?: number | null;

  @Field(() => SafeInt, { nullable: true })
  maximumOrder?: number | null;

  @Field(() => Boolean, { nullable: true })
  customerRequired?: boolean | null;

  @Field(() => [SalesChannel], { nullable: true, description: 'Left out: every channel.' })
  channels?: (keyof typeof SalesChannel)[] | null;
}

@InputType({ description: 'A ceiling: what is counted, per what, in which period.' })
export class LimitInput {
  @Field(() => LimitCounts)
  counts!: keyof typeof LimitCounts;

  @Field(() => LimitPer)
  per!: keyof typeof LimitPer;

  @Field(() => LimitPeriod, { nullable: true, defaultValue: 'EVER' })
  period?: keyof typeof LimitPeriod | null;

  @Field(() => SafeInt, { description: 'Minor units where it counts DISCOUNT_AMOUNT.' })
  max!: number;
}

@InputType({ description: 'How the voucher goes with others on one order.' })
export class StackingInput {
  @Field(() => Int, { nullable: true, defaultValue: 0, description: 'Higher is applied first.' })
  priority?: number | null;

  @Field(() => String, { nullable: true, description: 'Of vouchers of one group an order takes one.' })
  group?: string | null;

  @Field(() => Boolean, { nullable: true, defaultValue: false, description: 'Stands alone on its order.' })
  exclusive?: boolean | null;
}

@InputType({
  description:
    'A campaign with an incentive gives vouchers; one without is a main campaign, whose limits and budget bind its subs together.',
})
export class CreateCampaignInput {
  @Field(() => String)
  name!: string;

  @Field(() => ID, { nullable: true, description: 'The main campaign.' })
  parentId?: string | null;

  @Field(() => [ID], { nullable: true, description: 'Where it holds; left out: in all stores.' })
  storeIds?: string[] | null;

  @Field(() => LocalDate, { nullable: true, description: 'The first business day.' })
  startsOn?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'The last business day.' })
  endsOn?: string | null;

  @Field(() => IncentiveInput, { nullable: true })
  incentive?: IncentiveInput | null;

  @Field(() => ConditionsInput, { nullable: true })
  conditions?: ConditionsInput | null;

  @Field(() => [LimitInput], { nullable: true })
  limits?: LimitInput[] | null;

  @Field(() => MoneyInput, { nullable: true, description: 'What all its vouchers may give together.' })
  budget?: MoneyInput | null;

  @Field(() => StackingInput, { nullable: true })
  stacking?: StackingInput | null;

  @Field(() => Distribution, { nullable: true, defaultValue: 'OPEN' })
  distribution?: keyof typeof Distribution | null;

  @Field(() => TaxClass, { nullable: true, description: 'Left out: PAYMENT for a tender, else DISCOUNT.' })
  taxClass?: keyof typeof TaxClass | null;

  @Field(() => ReversalPolicy, { nullable: true, defaultValue: 'KEEP' })
  reversalPolicy?: keyof typeof ReversalPolicy | null;

  @Field(() => JSONValue, { nullable: true, description: 'The caller’s own; kept as it is.' })
  metadata?: unknown;
}
