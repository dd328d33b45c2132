import { Field, ID, InputType, Int } from 'type-graphql';
import { ConditionsInput } from './conditions.inputs.ts';
import { Distribution, LimitCounts, LimitPer, LimitPeriod, ReversalPolicy, TaxClass } from './enums.ts';
import { FundingShareInput } from './funding.inputs.ts';
import { IncentiveInput } from './incentive.inputs.ts';
import { IssuanceInput } from './issuance.inputs.ts';
import { MoneyInput } from './money.inputs.ts';
import { JSONValue, LocalDate, SafeInt } from './scalars.ts';

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

  @Field(() => TaxClass, { nullable: true, description: 'Left out: PAYMENT for a tender, MULTI_PURPOSE for a gift card, else DISCOUNT.' })
  taxClass?: keyof typeof TaxClass | null;

  @Field(() => ReversalPolicy, { nullable: true, defaultValue: 'KEEP' })
  reversalPolicy?: keyof typeof ReversalPolicy | null;

  @Field(() => IssuanceInput, { nullable: true, description: 'Which paid orders earn vouchers of this campaign; left out: none.' })
  issuance?: IssuanceInput | null;

  @Field(() => [FundingShareInput], {
    nullable: true,
    description: 'Who pays for what it gives; left out: as its main campaign has it, else the house alone.',
  })
  funding?: FundingShareInput[] | null;

  @Field(() => JSONValue, { nullable: true, description: 'The caller’s own; kept as it is.' })
  metadata?: unknown;
}
