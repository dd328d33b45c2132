import { Field, Int, ObjectType } from 'type-graphql';
import { Conditions } from './conditions.results.ts';
import { Scope } from './incentive.results.ts';
import { SafeInt } from './scalars.ts';

@ObjectType({ description: 'Which paid orders earn vouchers of the campaign, and how many.', simpleResolvers: true })
export class Issuance {
  @Field(() => Conditions)
  conditions!: Conditions;

  @Field(() => Scope, { nullable: true })
  scope!: Scope | null;

  @Field(() => Int)
  count!: number;

  @Field(() => SafeInt, { nullable: true, description: 'Minor units.' })
  everyAmount!: number | null;

  @Field(() => Int, { nullable: true })
  maximumPerOrder!: number | null;

  @Field(() => String, { nullable: true, description: 'ISO 8601 duration.' })
  validAfter!: string | null;

  @Field(() => String, { nullable: true, description: 'ISO 8601 duration.' })
  validFor!: string | null;
}
