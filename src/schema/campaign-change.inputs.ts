import { Field, ID, InputType } from 'type-graphql';
import { LimitInput, StackingInput } from './campaign.inputs.ts';
import { ConditionsInput } from './conditions.inputs.ts';
import { Distribution, ReversalPolicy, TaxClass } from './enums.ts';
import { FundingShareInput } from './funding.inputs.ts';
import { IncentiveInput } from './incentive.inputs.ts';
import { IssuanceInput } from './issuance.inputs.ts';
import { MoneyInput } from './money.inputs.ts';
import { JSONValue, LocalDate } from './scalars.ts';

@InputType({ description: 'Left out = unchanged, null = cleared; lists and objects replace. A campaign stays under its main.' })
export class UpdateCampaignInput {
  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => [ID], { nullable: true, description: 'Where it holds; null: in all stores.' })
  storeIds?: string[] | null;

  @Field(() => LocalDate, { nullable: true, description: 'The first business day.' })
  startsOn?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'The last business day. One that is over goes on with a later one.' })
  endsOn?: string | null;

  @Field(() => IncentiveInput, { nullable: true, description: 'The kind may change too, but for gift balances whose codes are out.' })
  incentive?: IncentiveInput | null;

  @Field(() => ConditionsInput, { nullable: true })
  conditions?: ConditionsInput | null;

  @Field(() => [LimitInput], { nullable: true, description: 'One that is new counts what was redeemed, held and issued before.' })
  limits?: LimitInput[] | null;

  @Field(() => MoneyInput, { nullable: true, description: 'What all its vouchers may give together; what they gave before counts.' })
  budget?: MoneyInput | null;

  @Field(() => StackingInput, { nullable: true })
  stacking?: StackingInput | null;

  @Field(() => Distribution, { nullable: true, description: 'Stays as it is once there are codes.' })
  distribution?: keyof typeof Distribution | null;

  @Field(() => TaxClass, { nullable: true, description: 'null: that of its incentive.' })
  taxClass?: keyof typeof TaxClass | null;

  @Field(() => ReversalPolicy, { nullable: true })
  reversalPolicy?: keyof typeof ReversalPolicy | null;

  @Field(() => IssuanceInput, { nullable: true, description: 'Which paid orders earn vouchers from now on; null: none.' })
  issuance?: IssuanceInput | null;

  @Field(() => [FundingShareInput], { nullable: true, description: 'Of what is redeemed from now on.' })
  funding?: FundingShareInput[] | null;

  @Field(() => JSONValue, { nullable: true })
  metadata?: unknown;
}

@InputType({ description: 'What the copy has of its own; left out: as the original.' })
export class CloneCampaignInput {
  @Field(() => String)
  name!: string;

  @Field(() => ID, { nullable: true, description: 'The main campaign of the copy.' })
  parentId?: string | null;

  @Field(() => LocalDate, { nullable: true })
  startsOn?: string | null;

  @Field(() => LocalDate, { nullable: true })
  endsOn?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description:
      'Of a main campaign its subs are copied too, but for archived ones; days of theirs outside the copy’s are left to the copy.',
  })
  withSubs?: boolean | null;
}
