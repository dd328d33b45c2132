import { Field, ID, InputType } from 'type-graphql';
import { CustomerRefInput } from './customer.inputs.ts';
import { LedgerEventType } from './enums.ts';
import { JSONValue } from './scalars.ts';

@InputType({ description: 'An event of the caller’s own.' })
export class RecordEventInput {
  @Field(() => String, { description: '1 to 255 characters. The same key with the same input gives the same event.' })
  idempotencyKey!: string;

  @Field(() => String, { description: 'What workflows listen for: "email.opened".' })
  name!: string;

  @Field(() => ID, { nullable: true })
  storeId?: string | null;

  @Field(() => CustomerRefInput, { nullable: true })
  customer?: CustomerRefInput | null;

  @Field(() => JSONValue, { nullable: true, description: 'Kept as sent. It must hold nothing personal.' })
  data?: unknown;
}

@InputType({ description: 'A filter left out lets all through, an empty list nothing.' })
export class LedgerFilter {
  @Field(() => [LedgerEventType], { nullable: true })
  types?: (keyof typeof LedgerEventType)[] | null;

  @Field(() => [ID], { nullable: true })
  storeIds?: string[] | null;

  @Field(() => [ID], { nullable: true })
  campaignIds?: string[] | null;

  @Field(() => ID, { nullable: true })
  customerId?: string | null;
}
