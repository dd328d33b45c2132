import { Field, ID, ObjectType } from 'type-graphql';
import { connectionOf } from './connection.results.ts';
import { DateTime, JSONValue } from './scalars.ts';

@ObjectType({
  description:
    'Who changed what, when, from what into what. Of secrets and personal details it says that they were given or changed, never what they say.',
  simpleResolvers: true,
})
export class AuditLine {
  @Field(() => ID)
  id!: string;

  @Field(() => DateTime, { description: 'By the hub’s clock.' })
  at!: string;

  @Field(() => ID, { nullable: true, description: 'The API key; for the hub’s own deeds the connection or workflow run.' })
  actorId!: string | null;

  @Field(() => String, { description: 'The mutation.' })
  operation!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'What was changed: of redeem and reverse the redemption. null where there is no one thing.',
  })
  subjectId!: string | null;

  @Field(() => JSONValue, {
    nullable: true,
    description: 'What was changed, as it stood; null for what was not there. ACCOUNTING keys: null for keys and connections.',
  })
  before!: unknown;

  @Field(() => JSONValue, { nullable: true, description: 'The same, as it stands after. ACCOUNTING keys: null for keys and connections.' })
  after!: unknown;
}

export const AuditLineConnection = connectionOf('AuditLine', () => AuditLine);
