import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from './connection.results.ts';
import { DateTime, JSONValue } from './scalars.ts';

export const NoticeState = {
  PENDING: 'PENDING',
  RUNNING: 'RUNNING',
  DONE: 'DONE',
  IGNORED: 'IGNORED',
  UNCLAIMED: 'UNCLAIMED',
  PARKED: 'PARKED',
} as const;
registerEnumType(NoticeState, {
  name: 'NoticeState',
  description:
    'PENDING and RUNNING: in the line of its resource. DONE: its facts are in. IGNORED: kept, nothing to do. UNCLAIMED: another account’s. PARKED: waits for a person, lastError says why.',
});

export const JobStatus = { PENDING: 'PENDING', RUNNING: 'RUNNING', DONE: 'DONE', FAILED: 'FAILED', PARKED: 'PARKED' } as const;
registerEnumType(JobStatus, { name: 'JobStatus', description: 'FAILED: refused for good. PARKED: waits for a person.' });

@ObjectType({ description: 'One thing that a platform said about one resource, and what became of it.', simpleResolvers: true })
export class WebhookNotice {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { description: 'The platform’s own word.' })
  topic!: string;

  @Field(() => String, { nullable: true })
  account!: string | null;

  @Field(() => String, { nullable: true })
  location!: string | null;

  @Field(() => NoticeState)
  state!: keyof typeof NoticeState;

  @Field(() => String, {
    nullable: true,
    description: 'OWN_ECHO, OTHER_ACCOUNT, UNKNOWN_TOPIC, NO_FACTS, LOCATION_WITHOUT_STORE, REFUSED, GAVE_UP, FAULTY_FACTS.',
  })
  reason!: string | null;

  @Field(() => Int)
  attempts!: number;

  @Field(() => DateTime)
  nextAt!: string;

  @Field(() => String, { nullable: true })
  lastError!: string | null;

  @Field(() => DateTime, { nullable: true })
  settledAt!: string | null;
}

@ObjectType({
  description: 'A request of a platform, verified and kept as it came. Repeats of what is known are not kept.',
  simpleResolvers: true,
})
export class WebhookDelivery {
  @Field(() => ID)
  id!: string;

  @Field(() => DateTime)
  receivedAt!: string;

  @Field(() => String)
  method!: string;

  @Field(() => JSONValue, { description: 'Lower-case names; what carries a credential is not kept.' })
  headers!: unknown;

  @Field(() => JSONValue)
  query!: unknown;

  @Field(() => String, { description: 'Byte for byte, as text. Personal data may stand in it.' })
  body!: string;

  @Field(() => [WebhookNotice], { description: 'What it says, in its order.' })
  notices!: readonly WebhookNotice[];
}

@ObjectType({ description: 'One thing to be done at a platform, once.', simpleResolvers: true })
export class OutboxJob {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { description: 'rows.append, messages.send, actions.<name> and so on.' })
  verb!: string;

  @Field(() => String, { description: 'The same in every attempt; platforms that drop doubles get it, or a digest of it.' })
  key!: string;

  @Field(() => JobStatus)
  status!: keyof typeof JobStatus;

  @Field(() => Int)
  attempts!: number;

  @Field(() => Boolean, { description: 'The platform may have done it: nobody heard how the last attempt ended.' })
  inDoubt!: boolean;

  @Field(() => JSONValue, {
    nullable: true,
    description: '{ code, message, path?, reference? }: code is one of the kit’s table of failures.',
  })
  failure!: unknown;

  @Field(() => DateTime)
  createdAt!: string;

  @Field(() => DateTime)
  nextAt!: string;

  @Field(() => DateTime, { nullable: true })
  settledAt!: string | null;
}

@ObjectType({ description: 'What waits at a connection.', simpleResolvers: true })
export class ConnectionHealth {
  @Field(() => Int, { description: 'Of what the platform said: not worked yet.' })
  noticesWaiting!: number;

  @Field(() => Int, { description: 'Waits for a person, or for the account that it is about.' })
  noticesParked!: number;

  @Field(() => Int, { description: 'Of what is to be done at the platform: not done yet.' })
  jobsWaiting!: number;

  @Field(() => Int)
  jobsParked!: number;

  @Field(() => DateTime, { nullable: true, description: 'The oldest thing that waits, in or out.' })
  waitingSince!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Until then nothing is called, as the platform has been failing; null = it is called.',
  })
  circuitOpenUntil!: string | null;
}

export const WebhookDeliveryConnection = connectionOf('WebhookDelivery', () => WebhookDelivery);
export const OutboxJobConnection = connectionOf('OutboxJob', () => OutboxJob);
