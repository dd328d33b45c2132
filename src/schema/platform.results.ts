import { Field, ObjectType } from 'type-graphql';
import { DateTime, SafeInt } from './scalars.ts';

@ObjectType({ description: 'An account at a platform.', simpleResolvers: true })
export class PlatformAccount {
  @Field(() => String, { description: 'The platform’s id of it.' })
  account!: string;

  @Field(() => String)
  name!: string;
}

@ObjectType({ description: 'A location as the platform has it.', simpleResolvers: true })
export class PlatformLocation {
  @Field(() => String, { description: 'The platform’s id of it: what settings.locations names.' })
  externalId!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true, description: 'ISO 4217, where the platform tells.' })
  currency!: string | null;

  @Field(() => String, { nullable: true, description: 'IANA zone, where the platform tells.' })
  timeZone!: string | null;

  storeId!: string | null;
}

@ObjectType({ description: 'One of the values that a setting may have.', simpleResolvers: true })
export class SettingChoice {
  @Field(() => String, { description: 'What is entered.' })
  value!: string;

  @Field(() => String, { description: 'What is shown.' })
  label!: string;
}

@ObjectType({ description: 'Where to send whoever shall agree to a connection at its platform.', simpleResolvers: true })
export class Authorization {
  @Field(() => String, { description: 'Opened in a browser; good once.' })
  url!: string;

  @Field(() => DateTime)
  expiresAt!: string;
}

@ObjectType({ description: 'An account that the platform tells of and nobody has connected.', simpleResolvers: true })
export class UnclaimedAccount {
  @Field(() => String, { nullable: true, description: 'The platform’s id of the account; null where its events name none.' })
  account!: string | null;

  @Field(() => SafeInt, { description: 'How many events are kept.' })
  events!: number;

  @Field(() => DateTime, { description: 'When the newest came in.' })
  lastAt!: string;
}
