import { Field, ObjectType } from 'type-graphql';
import { SalesChannel } from './enums.ts';
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
