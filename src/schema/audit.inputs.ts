import { Field, ID, InputType } from 'type-graphql';
import { DateTime } from './scalars.ts';

@InputType({
  description: 'A filter left out lets all through, an empty list nothing. Values of one filter are alternatives; filters add up.',
})
export class AuditFilter {
  @Field(() => [ID], { nullable: true, description: 'API keys; for the hub’s own deeds connections and workflow runs.' })
  actorIds?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Names of mutations.' })
  operations?: string[] | null;

  @Field(() => ID, { nullable: true })
  subjectId?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Inclusive, by the hub’s clock.' })
  from?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Exclusive.' })
  to?: string | null;
}
