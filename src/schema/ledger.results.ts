import { Field, ID, ObjectType } from 'type-graphql';
import { LedgerEventType } from './enums.ts';
import { Money } from './money.results.ts';
import { DateTime, JSONValue, LocalDate, SafeInt } from './scalars.ts';

@ObjectType({ description: 'A line of the book. Positions have no gaps, and each hash covers the one before.', simpleResolvers: true })
export class LedgerEvent {
  @Field(() => String, { description: 'Good as `after`, with any filter, in the query and in the subscription.' })
  cursor!: string;

  @Field(() => SafeInt, { description: 'From 1.' })
  position!: number;

  @Field(() => String, {
    description:
      'SHA-256, small hex, of previousHash, a line feed and the canonical JSON (RFC 8785) of position, type, at, businessDay, storeId, campaignId, code, amount and data, null where there is none.',
  })
  hash!: string;

  @Field(() => String, { description: 'That of position 1 is 64 zeros.' })
  previousHash!: string;

  @Field(() => LedgerEventType)
  type!: keyof typeof LedgerEventType;

  @Field(() => String, {
    nullable: true,
    description: 'Of a CUSTOM event: what was given to `recordEvent`, or the connector’s own word. Null on all others.',
  })
  name!: string | null;

  @Field(() => DateTime)
  at!: string;

  @Field(() => LocalDate, { nullable: true })
  businessDay!: string | null;

  @Field(() => ID, { nullable: true })
  campaignId!: string | null;

  @Field(() => String, { nullable: true })
  code!: string | null;

  @Field(() => Money, { nullable: true, description: 'Never negative: what was given, what came back, or what is due, by the type.' })
  amount!: Money | null;

  @Field(() => JSONValue, { description: 'By the type’s schema at /schemas/ledger.json. What is personal in it is sealed.' })
  data!: unknown;

  @Field(() => ID, { nullable: true })
  redemptionId!: string | null;

  @Field(() => ID, { nullable: true })
  reversalId!: string | null;

  @Field(() => ID, { nullable: true })
  voucherId!: string | null;

  @Field(() => ID, { nullable: true })
  customerId!: string | null;

  @Field(() => String, { nullable: true })
  orderSource!: string | null;

  @Field(() => String, { nullable: true })
  orderExternalId!: string | null;

  storeId!: string | null;
}

@ObjectType({ description: 'A stretch of the book, oldest first.', simpleResolvers: true })
export class LedgerPage {
  @Field(() => [LedgerEvent])
  events!: readonly LedgerEvent[];

  @Field(() => String, { description: 'How far the book was read, whether or not anything matched: go on from here.' })
  endCursor!: string;

  @Field(() => Boolean)
  hasMore!: boolean;
}
