import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { RedemptionRecord } from '../domain/redemption/redemption.types.ts';
import { CheckResult, EffectKind, LimitCounts, LimitPer, LimitPeriod, PlaceReason, ReasonCode } from './enums.ts';
import { Incentive } from './incentive.results.ts';
import { Money } from './money.results.ts';
import { PricedOrder } from './order.results.ts';
import { Decimal, SafeInt } from './scalars.ts';

@ObjectType({ description: 'Why a voucher came where it came.', simpleResolvers: true })
export class ApplicationPlace {
  @Field(() => PlaceReason)
  because!: keyof typeof PlaceReason;

  @Field(() => String, { nullable: true, description: 'The code it is compared with: the one before it, of the first the one after it.' })
  beside!: string | null;

  @Field(() => Int, { description: 'Of its campaign.' })
  priority!: number;

  @Field(() => Money, { nullable: true, description: 'What it would have given alone; null where there was no other.' })
  alone!: Money | null;

  @Field(() => String, { description: 'In the caller’s language.' })
  message!: string;
}

@ObjectType({ description: 'One rule that was looked at.', simpleResolvers: true })
export class RuleCheck {
  @Field(() => ReasonCode, { description: 'Under which it refuses.' })
  reason!: keyof typeof ReasonCode;

  @Field(() => CheckResult)
  result!: keyof typeof CheckResult;

  @Field(() => String, { description: 'With the numbers, in the caller’s language.' })
  message!: string;
}

@ObjectType({ description: 'How an amount came about.', simpleResolvers: true })
export class Reckoning {
  @Field(() => Incentive, { nullable: true, description: 'As it was promised. null for TILL keys.' })
  incentive!: Incentive | null;

  @Field(() => Money, { description: 'Due on the units it fell on when its turn came; for a part payment, what was left to pay.' })
  base!: Money;

  @Field(() => Int, { description: 'How many units; 0 for a part payment.' })
  units!: number;

  @Field(() => Decimal, {
    nullable: true,
    description: 'A percentage of the base before rounding, in minor units; null for other incentives.',
  })
  unrounded!: string | null;

  @Field(() => Money, { description: 'What the rules gave.' })
  amount!: Money;

  @Field(() => String, { description: 'In one sentence, in the caller’s language.' })
  message!: string;
}

@ObjectType({ description: 'The share of one unit, with what was due on it before and after.', simpleResolvers: true })
export class ExplainedShare {
  @Field(() => ID)
  lineId!: string;

  @Field(() => Int, { description: 'From 1.' })
  unit!: number;

  @Field(() => Decimal, { description: 'Percent.' })
  taxRate!: string;

  @Field(() => Money)
  before!: Money;

  @Field(() => Money)
  amount!: Money;

  @Field(() => Money)
  after!: Money;
}

@ObjectType({
  description: 'A ceiling that was taken from. `max`, `taken`, `used` and `held` are minor units where it does not count REDEMPTIONS.',
  simpleResolvers: true,
})
export class ExplainedLimit {
  @Field(() => LimitCounts, { nullable: true, description: 'null: the budget.' })
  counts!: keyof typeof LimitCounts | null;

  @Field(() => LimitPer)
  per!: keyof typeof LimitPer;

  @Field(() => LimitPeriod)
  period!: keyof typeof LimitPeriod;

  @Field(() => SafeInt)
  max!: number;

  @Field(() => SafeInt)
  taken!: number;

  @Field(() => SafeInt, {
    nullable: true,
    description: 'As it stood before; null where nobody had to look, for the write itself sees to it that no ceiling is passed.',
  })
  used!: number | null;

  @Field(() => SafeInt, { nullable: true })
  held!: number | null;

  @Field(() => String, { description: 'In the caller’s language.' })
  message!: string;
}

@ObjectType({ description: 'What one voucher of the redeem did, and why.', simpleResolvers: true })
export class ExplainedVoucher {
  @Field(() => Int, { description: 'Its place in the order of application, from 1.' })
  step!: number;

  @Field(() => String)
  code!: string;

  @Field(() => EffectKind)
  kind!: keyof typeof EffectKind;

  @Field(() => ID)
  campaignId!: string;

  @Field(() => Int, { description: 'The version of the campaign it was decided by.' })
  campaignVersion!: number;

  @Field(() => String, { nullable: true, description: 'What the campaign was called then.' })
  campaignName!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'An older version, whose promise the voucher kept because it was issued under it; null where it is the same.',
  })
  promisedVersion!: number | null;

  @Field(() => Money, { description: 'What was booked.' })
  amount!: Money;

  @Field(() => Money, { nullable: true, description: 'What the rules gave, where a platform had given another amount.' })
  reckoned!: Money | null;

  @Field(() => ApplicationPlace, { nullable: true })
  place!: ApplicationPlace | null;

  @Field(() => [RuleCheck], { description: 'The rules in the order in which they were asked.' })
  checks!: readonly RuleCheck[];

  @Field(() => Reckoning, { nullable: true })
  reckoning!: Reckoning | null;

  @Field(() => [ExplainedShare], { description: 'None for a part payment.' })
  shares!: readonly ExplainedShare[];

  @Field(() => [ExplainedLimit], { nullable: true, description: 'Limits and budgets it took from. null for TILL keys.' })
  limits!: readonly ExplainedLimit[] | null;

  @Field(() => PricedOrder, { nullable: true, description: 'The order before this voucher.' })
  before!: PricedOrder | null;

  @Field(() => PricedOrder, { nullable: true, description: 'The order with it.' })
  after!: PricedOrder | null;

  record!: RedemptionRecord;
}
