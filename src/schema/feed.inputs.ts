import { Field, ID, InputType, Int } from 'type-graphql';
import { DateTime } from './scalars.ts';

@InputType({ description: 'What of the past is to be read: either `days`, or `from` and perhaps `to`.' })
export class StartBackfillInput {
  @Field(() => ID)
  connectionId!: string;

  @Field(() => Int, { nullable: true, description: 'Back from now; up to 3660.' })
  days?: number | null;

  @Field(() => DateTime, { nullable: true, description: 'Inclusive; within the last 3660 days.' })
  from?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Exclusive; left out: now. A feed by cursor is read on to the present all the same.',
  })
  to?: string | null;

  @Field(() => [String], { nullable: true, description: 'Names of the connector’s feeds; left out: all of them.' })
  feeds?: string[] | null;
}
