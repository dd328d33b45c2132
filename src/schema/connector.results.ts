import { Field, ID, ObjectType } from 'type-graphql';
import { AuthorizationState, ConnectionStatus } from './enums.ts';
import { PlatformAccount } from './platform.results.ts';
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

  @Field(() => String, {
    nullable: true,
    description:
      'The address that people come back to once they have agreed at the platform: to be entered there as the app’s redirect URI. Null where nobody agrees in a browser.',
  })
  redirectUri!: string | null;
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

  @Field(() => String, {
    nullable: true,
    description: 'The address to enter at the platform; null where it sends none. The account in an event finds the connection.',
  })
  webhookUrl!: string | null;

  @Field(() => String, { nullable: true, description: 'What a person should look at.' })
  lastError!: string | null;

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

  @Field(() => String, { nullable: true, description: 'The platform’s id of the account, once it answered the test call.' })
  account!: string | null;

  @Field(() => String, { nullable: true, description: 'The platform’s name of the account.' })
  accountName!: string | null;

  @Field(() => [PlatformAccount], {
    nullable: true,
    description: 'Where the credentials open several accounts: those to choose among (chooseAccount). ADMIN keys only.',
  })
  accounts!: readonly PlatformAccount[] | null;

  @Field(() => AuthorizationState)
  authorization!: keyof typeof AuthorizationState;

  @Field(() => JSONValue, { description: 'What this very account can and cannot do: its connector’s capabilities, or less.' })
  capabilities!: unknown;

  @Field(() => String, {
    nullable: true,
    description:
      'What a person has to do at the platform so that it calls the hub, as Markdown; null where the hub sees to it by itself. ADMIN keys only.',
  })
  manualSubscription!: string | null;

  connectorId!: string;

  appId!: string | null;
}
