import { Field, Int, ObjectType } from 'type-graphql';
import { LimitCounts, LimitPer, LimitPeriod, Pick, SalesChannel } from './enums.ts';
import { Money } from './money.results.ts';
import { Decimal, SafeInt } from './scalars.ts';

@ObjectType({ simpleResolvers: true })
export class ItemSelector {
  @Field(() => [String], { nullable: true })
  skus!: readonly string[] | null;

  @Field(() => [String], { nullable: true })
  groups!: readonly string[] | null;

  @Field(() => [String], { nullable: true })
  brands!: readonly string[] | null;
}

@ObjectType({ simpleResolvers: true })
export class Scope {
  @Field(() => ItemSelector, { nullable: true })
  include!: ItemSelector | null;

  @Field(() => ItemSelector, { nullable: true })
  exclude!: ItemSelector | null;

  @Field(() => Boolean)
  excludeDiscounted!: boolean;

  @Field(() => Decimal, { nullable: true })
  triggerQuantity!: string | null;

  @Field(() => Decimal, { nullable: true })
  applicableQuantity!: string | null;

  @Field(() => Pick)
  pick!: keyof typeof Pick;
}

@ObjectType({ simpleResolvers: true })
export class PercentOff {
  @Field(() => Decimal)
  percent!: string;

  @Field(() => Money, { nullable: true })
  maximum!: Money | null;

  @Field(() => Scope, { nullable: true, description: 'null: the order as a whole.' })
  scope!: Scope | null;
}

@ObjectType({ simpleResolvers: true })
export class AmountOff {
  @Field(() => Money)
  amount!: Money;

  @Field(() => Scope, { nullable: true, description: 'null: the order as a whole.' })
  scope!: Scope | null;
}

@ObjectType({ simpleResolvers: true })
export class Tender {
  @Field(() => Money)
  value!: Money;
}

@ObjectType({ description: 'Exactly one field is set.', simpleResolvers: true })
export class Incentive {
  @Field(() => PercentOff, { nullable: true })
  percentOff!: PercentOff | null;

  @Field(() => AmountOff, { nullable: true })
  amountOff!: AmountOff | null;

  @Field(() => Tender, { nullable: true })
  tender!: Tender | null;
}

@ObjectType({ simpleResolvers: true })
export class Conditions {
  @Field(() => SafeInt, { nullable: true, description: 'Minor units of the store’s currency.' })
  minimumOrder!: number | null;

  @Field(() => SafeInt, { nullable: true, description: 'Minor units of the store’s currency.' })
  maximumOrder!: number | null;

  @Field(() => Boolean, { nullable: true })
  customerRequired!: boolean | null;

  @Field(() => [SalesChannel], { nullable: true })
  channels!: readonly (keyof typeof SalesChannel)[] | null;
}

@ObjectType({ simpleResolvers: true })
export class Limit {
  @Field(() => LimitCounts)
  counts!: keyof typeof LimitCounts;

  @Field(() => LimitPer)
  per!: keyof typeof LimitPer;

  @Field(() => LimitPeriod)
  period!: keyof typeof LimitPeriod;

  @Field(() => SafeInt)
  max!: number;
}

@ObjectType({ simpleResolvers: true })
export class Stacking {
  @Field(() => Int)
  priority!: number;

  @Field(() => String, { nullable: true })
  group!: string | null;

  @Field(() => Boolean)
  exclusive!: boolean;
}
