import { Field, Int, ObjectType } from 'type-graphql';
import { LimitCounts, LimitPer, LimitPeriod, SalesChannel } from './enums.ts';
import { SafeInt } from './scalars.ts';

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
