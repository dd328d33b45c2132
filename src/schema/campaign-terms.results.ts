import { Field, Int, ObjectType } from 'type-graphql';
import { LimitCounts, LimitPer, LimitPeriod } from './enums.ts';
import { SafeInt } from './scalars.ts';

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
