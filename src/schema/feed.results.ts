import { Field, ID, Int, ObjectType } from 'type-graphql';
import { BackfillState } from './enums.ts';
import { DateTime } from './scalars.ts';

@ObjectType({
  description:
    'How reading something at a platform fares that it does not tell by itself, or not reliably. By location where the platform wants it so.',
  simpleResolvers: true,
})
export class Feed {
  @Field(() => String, { description: 'As the connector calls it.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'The platform’s location; null where the feed is not read by location.' })
  location!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Up to when everything is in; how far behind it is, is from then to now. Null while it was never read.',
  })
  readUpTo!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was last read to its end.' })
  lastReadAt!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it could not be read last; null once it was read again.' })
  lastError!: string | null;
}

@ObjectType({ description: 'The past of a connection, being read.', simpleResolvers: true })
export class Backfill {
  @Field(() => ID)
  id!: string;

  @Field(() => ID)
  connectionId!: string;

  @Field(() => BackfillState)
  state!: keyof typeof BackfillState;

  @Field(() => [String])
  feeds!: readonly string[];

  @Field(() => DateTime, { description: 'Inclusive.' })
  from!: string;

  @Field(() => DateTime, { description: 'Exclusive. A feed by cursor is read on to the present.' })
  to!: string;

  @Field(() => Int, { description: 'Windows to be read, over all feeds and locations. A feed by cursor counts as one.' })
  windowsTotal!: number;

  @Field(() => Int)
  windowsDone!: number;

  @Field(() => Int, { description: 'What was new or changed; it may take a moment until it is worked.' })
  factsTaken!: number;

  @Field(() => String, { nullable: true, description: 'What it waits for, or why a part of it could not be read.' })
  lastError!: string | null;

  @Field(() => DateTime)
  createdAt!: string;

  @Field(() => DateTime, { nullable: true })
  endedAt!: string | null;
}
