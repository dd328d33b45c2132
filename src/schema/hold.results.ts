import { Field, ID, ObjectType } from 'type-graphql';
import { HoldStatus } from './enums.ts';
import { PricedOrder } from './order.results.ts';
import { DateTime } from './scalars.ts';

@ObjectType({ description: 'Everything a redemption would take, set aside for a while.', simpleResolvers: true })
export class Hold {
  @Field(() => ID)
  id!: string;

  @Field(() => [String])
  codes!: readonly string[];

  @Field(() => HoldStatus)
  status!: keyof typeof HoldStatus;

  @Field(() => DateTime)
  expiresAt!: string;

  @Field(() => PricedOrder, { description: 'The order with what the vouchers would give.' })
  order!: PricedOrder;
}
