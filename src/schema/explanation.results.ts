import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DifferenceKind } from './enums.ts';
import { ExplainedVoucher } from './explained-voucher.results.ts';
import { PricedOrder } from './order.results.ts';
import { Currency, DateTime, Decimal, LocalDate, LocalTime } from './scalars.ts';
import { GroupTaxRate } from './store.results.ts';

@ObjectType({ description: 'A store as it was when a redemption was decided.', simpleResolvers: true })
export class StoreThen {
  @Field(() => ID)
  storeId!: string;

  @Field(() => Int)
  version!: number;

  @Field(() => String)
  name!: string;

  @Field(() => String)
  timeZone!: string;

  @Field(() => LocalTime)
  businessDayStart!: string;

  @Field(() => Currency)
  currency!: string;

  @Field(() => Decimal, { description: 'Percent.' })
  defaultTaxRate!: string;

  @Field(() => [GroupTaxRate])
  taxRates!: readonly GroupTaxRate[];

  @Field(() => Int, { nullable: true })
  maxVouchersPerOrder!: number | null;
}

@ObjectType({ description: 'Something in which a replay is not as it was stored.', simpleResolvers: true })
export class ReplayDifference {
  @Field(() => DifferenceKind)
  kind!: keyof typeof DifferenceKind;

  @Field(() => String, { nullable: true, description: 'null: of the redeem as a whole.' })
  code!: string | null;

  @Field(() => String)
  stored!: string;

  @Field(() => String)
  replayed!: string;

  @Field(() => String, { description: 'In the caller’s language.' })
  message!: string;
}

@ObjectType({
  description:
    'Why a redemption gave what it gave: the whole redeem, decided again on what was stored with it, by the rules and the terms of its time.',
  simpleResolvers: true,
})
export class Explanation {
  @Field(() => Int)
  ruleVersion!: number;

  @Field(() => DateTime, { description: 'By the hub’s clock.' })
  decidedAt!: string;

  @Field(() => DateTime)
  placedAt!: string;

  @Field(() => LocalDate)
  businessDay!: string;

  @Field(() => StoreThen)
  store!: StoreThen;

  @Field(() => String)
  orderSource!: string;

  @Field(() => String)
  orderExternalId!: string;

  @Field(() => ID, { nullable: true, description: 'The hold that was used up.' })
  holdId!: string | null;

  @Field(() => Boolean, { description: 'The replay is as it was stored: amounts, places and shares to the unit.' })
  agrees!: boolean;

  @Field(() => [ReplayDifference])
  differences!: readonly ReplayDifference[];

  @Field(() => Boolean, {
    description: 'All that it was decided on was kept. Of redemptions from before it was, some is taken as it was nearest to them.',
  })
  complete!: boolean;

  @Field(() => PricedOrder, { description: 'The order before the vouchers of this redeem, with those of earlier ones.' })
  before!: PricedOrder;

  @Field(() => PricedOrder, { description: 'The order with them.' })
  after!: PricedOrder;

  @Field(() => [ExplainedVoucher], { description: 'All vouchers of the redeem, in order of application.' })
  vouchers!: readonly ExplainedVoucher[];

  @Field(() => String, { description: 'In one sentence, in the caller’s language.' })
  message!: string;
}
