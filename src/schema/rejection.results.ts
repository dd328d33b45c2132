import { Field, ID, ObjectType } from 'type-graphql';
import type { RejectionRecord } from '../domain/redemption/redemption.types.ts';
import { LimitCounts, LimitPer, LimitPeriod, PublicReason, ReasonCode } from './enums.ts';
import { Money } from './money.results.ts';
import { DateTime, Decimal, SafeInt } from './scalars.ts';

@ObjectType({
  description: 'How full a limit was. `max`, `used` and `held` are minor units where it counts DISCOUNT_AMOUNT.',
  simpleResolvers: true,
})
export class LimitUse {
  @Field(() => LimitCounts)
  counts!: keyof typeof LimitCounts;

  @Field(() => LimitPer)
  per!: keyof typeof LimitPer;

  @Field(() => LimitPeriod)
  period!: keyof typeof LimitPeriod;

  @Field(() => SafeInt)
  max!: number;

  @Field(() => SafeInt)
  used!: number;

  @Field(() => SafeInt, { description: 'Set aside by holds.' })
  held!: number;

  @Field(() => DateTime, { nullable: true, description: 'When the last of what is held comes free.' })
  heldUntil!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When the period ends; null for EVER.' })
  resetsAt!: string | null;
}

@ObjectType({ description: 'One rule that was not met.', simpleResolvers: true })
export class RuleFailure {
  @Field(() => ReasonCode)
  reason!: keyof typeof ReasonCode;

  @Field(() => String, { description: 'For staff, with the numbers, in the caller’s language.' })
  message!: string;

  @Field(() => LimitUse, { nullable: true })
  limit!: LimitUse | null;
}

@ObjectType({ description: 'What would make the basket valid. Only what applies is set.', simpleResolvers: true })
export class NearestBasket {
  @Field(() => String)
  message!: string;

  @Field(() => Money, { nullable: true, description: 'Add so much.' })
  addAmount!: Money | null;

  @Field(() => Decimal, { nullable: true, description: 'Add so many of the items in scope.' })
  addQuantity!: string | null;

  @Field(() => [String], { nullable: true })
  eligibleSkus!: readonly string[] | null;

  @Field(() => DateTime, { nullable: true })
  validFrom!: string | null;

  @Field(() => DateTime, { nullable: true })
  validUntil!: string | null;

  @Field(() => [ID], { nullable: true })
  storeIds!: readonly string[] | null;
}

@ObjectType({ description: 'A refusal. It is kept, with its numbers.', simpleResolvers: true })
export class Rejection {
  @Field(() => ID)
  id!: string;

  @Field(() => DateTime)
  at!: string;

  @Field(() => String, { nullable: true, description: 'In its normal form; null where the refusal is about no code.' })
  code!: string | null;

  @Field(() => ReasonCode, { nullable: true, description: 'The headline. null for PUBLIC keys.' })
  reason!: keyof typeof ReasonCode | null;

  @Field(() => PublicReason)
  publicReason!: keyof typeof PublicReason;

  @Field(() => String, {
    description: 'The headline in the caller’s language (Accept-Language: es, en), with its numbers; for PUBLIC keys what the class says.',
  })
  message!: string;

  @Field(() => Boolean, { description: 'The same may succeed later, with a new idempotency key.' })
  retryable!: boolean;

  @Field(() => [RuleFailure], { nullable: true, description: 'Every rule that was not met, the headline first. null for PUBLIC keys.' })
  failures!: readonly RuleFailure[] | null;

  @Field(() => NearestBasket, { nullable: true, description: 'null where no change of the basket would help.' })
  nearestBasket!: NearestBasket | null;

  @Field(() => String, { nullable: true })
  orderSource!: string | null;

  @Field(() => String, { nullable: true })
  orderExternalId!: string | null;

  record!: RejectionRecord;
}
