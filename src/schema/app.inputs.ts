import { Field, ID, InputType, Int } from 'type-graphql';
import { JSONValue } from './scalars.ts';

/** A day: platforms repeat what they could not deliver for about as long. */
export const KEEP_REPLACED_KEYS_S = 86_400;
export const KEEP_REPLACED_KEYS =
  'How long signing keys that are replaced by this go on to verify what the platform sends, in seconds (0 to 604,800). 0 after a leak: neither these nor earlier ones do.';

@InputType({ description: 'A developer app at a platform.' })
export class CreateAppInput {
  @Field(() => ID, { description: 'The plugin’s name.' })
  connectorId!: string;

  @Field(() => String)
  name!: string;

  @Field(() => JSONValue, { description: 'By the connector’s appSchema. Secrets among them are kept sealed and never shown.' })
  settings!: unknown;
}

@InputType({ description: 'What is left out stays as it is.' })
export class UpdateAppInput {
  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => JSONValue, {
    nullable: true,
    description: 'Laid over the stored settings, member by member; null takes one out. Secrets that are left out stay.',
  })
  settings?: unknown;

  @Field(() => Int, { nullable: true, defaultValue: KEEP_REPLACED_KEYS_S, description: KEEP_REPLACED_KEYS })
  keepReplacedKeysSeconds?: number | null;
}
