import { Field, ID, InputType } from 'type-graphql';
import { JSONValue } from './scalars.ts';

@InputType()
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
