import { Field, ID, ObjectType } from 'type-graphql';
import { ConnectionStatus } from './enums.ts';
import { JSONValue } from './scalars.ts';

@ObjectType({ description: 'A plugin that is installed.', simpleResolvers: true })
export class Connector {
  @Field(() => ID, { description: 'The plugin’s name.' })
  id!: string;

  @Field(() => String)
  title!: string;

  @Field(() => String)
  version!: string;

  @Field(() => [String])
  roles!: readonly string[];

  @Field(() => JSONValue, { description: 'JSON Schema 2020-12 of a connection’s settings; secrets are writeOnly.' })
  settingsSchema!: unknown;

  @Field(() => JSONValue, { nullable: true, description: 'JSON Schema 2020-12 of its developer app’s settings; null where it has none.' })
  appSchema!: unknown;

  @Field(() => JSONValue, { description: 'What it can and cannot do.' })
  capabilities!: unknown;
}

@ObjectType({
  description: 'A developer app at a platform: client id, secret and signing keys, entered once, shared by connections.',
  simpleResolvers: true,
})
export class App {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  webhookUrl!: string | null;

  connectorId!: string;
}

@ObjectType({ description: 'A link to an account at a platform.', simpleResolvers: true })
export class ConnectedPlatform {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => ConnectionStatus)
  status!: keyof typeof ConnectionStatus;

  @Field(() => String, { nullable: true, description: 'The address to enter at the platform; null where it sends none.' })
  webhookUrl!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it needs attention.' })
  lastError!: string | null;

  connectorId!: string;
}
