import { Field, ID, ObjectType } from 'type-graphql';
import type { CodePlace } from '../domain/code/code.types.ts';
import { connectionOf } from './connection.results.ts';
import { HoldStatus } from './enums.ts';
import { Money } from './money.results.ts';
import { PricedOrder } from './order.results.ts';
import { DateTime, LocalDate } from './scalars.ts';

@ObjectType({ description: 'A voucher that is set aside.', simpleResolvers: true })
export class HeldVoucher {
  @Field(() => String)
  code!: string;

  @Field(() => Money, { nullable: true, description: 'What it would give, set aside with it; null in holds from before this was kept.' })
  amount!: Money | null;

  campaignId!: string;
  place!: CodePlace;
}

@ObjectType({ description: 'Everything a redemption would take, set aside for a while.', simpleResolvers: true })
export class Hold {
  @Field(() => ID)
  id!: string;

  @Field(() => [String])
  codes!: readonly string[];

  @Field(() => [HeldVoucher], { description: 'One for each code.' })
  vouchers!: readonly HeldVoucher[];

  @Field(() => HoldStatus)
  status!: keyof typeof HoldStatus;

  @Field(() => DateTime)
  createdAt!: string;

  @Field(() => DateTime, { description: 'When everything is free again by itself.' })
  expiresAt!: string;

  @Field(() => String)
  orderSource!: string;

  @Field(() => String)
  orderExternalId!: string;

  @Field(() => LocalDate, { description: 'The store’s business day of the order.' })
  businessDay!: string;

  @Field(() => PricedOrder, { description: 'The order with what the vouchers would give.' })
  order!: PricedOrder;

  storeId!: string;
}

export const HoldConnection = connectionOf('Hold', () => Hold);
