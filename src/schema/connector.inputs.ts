import { Field, ID, InputType } from 'type-graphql';
import { JSONValue } from './scalars.ts';

@InputType({ description: 'An account at a platform, by an installed connector.' })
export class ConnectInput {
  @Field(() => ID, { description: 'The plugin’s name.' })
  connectorId!: string;

  @Field(() => ID, { nullable: true, description: 'The developer app whose secrets it uses.' })
  appId?: string | null;

  @Field(() => String)
  name!: string;

  @Field(() => ID, { nullable: true, description: 'The store it is for, where it is for one.' })
  storeId?: string | null;

  @Field(() => JSONValue, { description: 'By the connector’s settingsSchema. Secrets among them are kept sealed and never shown.' })
  settings!: unknown;
}

@InputType({ description: 'What is left out stays as it is.' })
export class UpdateConnectionInput {
  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => ID, { nullable: true, description: 'The store it is for, where it is for one.' })
  storeId?: string | null;

  @Field(() => JSONValue, {
    nullable: true,
    description: 'Laid over the stored settings, member by member; null takes one out. Secrets that are left out stay.',
  })
  settings?: unknown;

  @Field(() => Boolean, { nullable: true, description: 'A paused connection calls nothing; what is sent to it is taken and waits.' })
  paused?: boolean | null;
}
