import { Field, ID, InputType } from 'type-graphql';
import { LedgerEventType } from './enums.ts';
import { JSONValue } from './scalars.ts';

@InputType({ description: 'Which events go where.' })
export class CreateForwardingInput {
  @Field(() => ID)
  connectionId!: string;

  @Field(() => String, { description: 'events.push, rows.append, alerts.send or customers.upsert, as far as the connector has it.' })
  verb!: string;

  @Field(() => [LedgerEventType])
  events!: (keyof typeof LedgerEventType)[];

  @Field(() => String, { nullable: true, description: 'CEL; checked when stored. Left out: all of those events.' })
  filter?: string | null;

  @Field(() => JSONValue, { nullable: true, description: 'See Forwarding.settings.' })
  settings?: unknown;

  @Field(() => Boolean, { nullable: true, defaultValue: false, description: 'From the first event of the book on; else from now on.' })
  fromStart?: boolean | null;
}

@InputType({ description: 'What is left out stays as it is.' })
export class UpdateForwardingInput {
  @Field(() => [LedgerEventType], { nullable: true })
  events?: (keyof typeof LedgerEventType)[] | null;

  @Field(() => String, { nullable: true, description: 'null clears it.' })
  filter?: string | null;

  @Field(() => JSONValue, { nullable: true })
  settings?: unknown;

  @Field(() => Boolean, { nullable: true })
  paused?: boolean | null;
}
