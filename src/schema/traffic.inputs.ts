import { Field, InputType } from 'type-graphql';
import { DateTime } from './scalars.ts';
import { JobStatus, NoticeState } from './traffic.results.ts';

@InputType({
  description: 'A filter left out lets all through, an empty list nothing. Values of one filter are alternatives; filters add up.',
})
export class WebhookDeliveryFilter {
  @Field(() => [NoticeState], { nullable: true, description: 'Of one of its notices.' })
  states?: (keyof typeof NoticeState)[] | null;

  @Field(() => [String], { nullable: true })
  topics?: string[] | null;

  @Field(() => DateTime, { nullable: true, description: 'Inclusive.' })
  from?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Exclusive.' })
  to?: string | null;
}

@InputType({
  description: 'A filter left out lets all through, an empty list nothing. Values of one filter are alternatives; filters add up.',
})
export class OutboxJobFilter {
  @Field(() => [JobStatus], { nullable: true })
  statuses?: (keyof typeof JobStatus)[] | null;

  @Field(() => [String], { nullable: true })
  verbs?: string[] | null;
}
