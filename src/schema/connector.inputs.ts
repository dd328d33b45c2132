import { Field, ID, InputType, Int } from 'type-graphql';
import { KEEP_REPLACED_KEYS, KEEP_REPLACED_KEYS_S } from './app.inputs.ts';
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

  @Field(() => JSONValue, {
    description:
      'By the connector’s settingsSchema; what the App has may be left out, and lies over the App’s where it is given. Secrets among them are kept sealed and never shown.',
  })
  settings!: unknown;

  @Field(() => ID, {
    nullable: true,
    description:
      'A connection whose log-in it shares, as another of the accounts that this opens: nobody has to agree again. Behind the same App.',
  })
  grantOf?: string | null;
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

  @Field(() => Int, { nullable: true, defaultValue: KEEP_REPLACED_KEYS_S, description: KEEP_REPLACED_KEYS })
  keepReplacedKeysSeconds?: number | null;
}
