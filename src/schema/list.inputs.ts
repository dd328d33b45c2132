import { Field, ID, InputType } from 'type-graphql';
import { CampaignStatus, HoldStatus, ReasonCode } from './enums.ts';
import { DateTime, LocalDate } from './scalars.ts';

@InputType({ description: 'A filter left out lets all through, an empty list nothing.' })
export class CampaignFilter {
  @Field(() => [CampaignStatus], { nullable: true })
  statuses?: (keyof typeof CampaignStatus)[] | null;

  @Field(() => ID, { nullable: true, description: 'The subs of this main campaign.' })
  parentId?: string | null;

  @Field(() => [ID], { nullable: true, description: 'Those that hold in one of these stores.' })
  storeIds?: string[] | null;
}

@InputType()
abstract class TradeFilter {
  @Field(() => [ID], { nullable: true })
  campaignIds?: string[] | null;

  @Field(() => [ID], { nullable: true })
  storeIds?: string[] | null;

  @Field(() => [String], { nullable: true })
  codes?: string[] | null;

  @Field(() => ID, { nullable: true })
  customerId?: string | null;

  @Field(() => String, { nullable: true })
  orderSource?: string | null;

  @Field(() => String, { nullable: true })
  orderExternalId?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Inclusive, by the hub’s clock.' })
  from?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Exclusive.' })
  to?: string | null;
}

@InputType({
  description: 'A filter left out lets all through, an empty list nothing. Values of one filter are alternatives; filters add up.',
})
export class RedemptionFilter extends TradeFilter {
  @Field(() => LocalDate, { nullable: true, description: 'Inclusive.' })
  businessDayFrom?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Inclusive.' })
  businessDayTo?: string | null;
}

@InputType({
  description: 'A filter left out lets all through, an empty list nothing. Values of one filter are alternatives; filters add up.',
})
export class RejectionFilter extends TradeFilter {
  @Field(() => [ReasonCode], { nullable: true })
  reasons?: (keyof typeof ReasonCode)[] | null;
}

@InputType({
  description: 'A filter left out lets all through, an empty list nothing. Values of one filter are alternatives; filters add up.',
})
export class HoldFilter {
  @Field(() => [ID], { nullable: true })
  storeIds?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Those that hold one of these.' })
  codes?: string[] | null;

  @Field(() => [HoldStatus], { nullable: true })
  statuses?: (keyof typeof HoldStatus)[] | null;

  @Field(() => String, { nullable: true })
  orderSource?: string | null;

  @Field(() => String, { nullable: true })
  orderExternalId?: string | null;
}
