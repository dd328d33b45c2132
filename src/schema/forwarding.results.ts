import { Field, ID, Int, ObjectType } from 'type-graphql';
import { LedgerEventType } from './enums.ts';
import { JSONValue } from './scalars.ts';

@ObjectType({
  description: 'Events of the ledger that go to a platform by themselves: each once, soon after it stands in the book.',
  simpleResolvers: true,
})
export class Forwarding {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { description: 'What is done with each event: events.push, rows.append, alerts.send, customers.upsert.' })
  verb!: string;

  @Field(() => [LedgerEventType])
  events!: readonly (keyof typeof LedgerEventType)[];

  @Field(() => String, { nullable: true, description: 'CEL over event, voucher, campaign, customer, store and order, as in workflows.' })
  filter!: string | null;

  @Field(() => JSONValue, {
    description:
      'rows.append: { table, columns? }, the columns out of event, position, at, businessDay, type, store, storeId, campaign, campaignId, code, amount, currency, redemptionId, orderSource, order, customerId, reason. alerts.send: { severity?, title?, buttons? }. Others: {}.',
  })
  settings!: unknown;

  @Field(() => Int, { description: 'How many events of the ledger it has not read yet.' })
  behind!: number;

  @Field(() => Boolean, { description: 'A paused one reads nothing; it goes on where it stood.' })
  paused!: boolean;

  connectionId!: string;
}
