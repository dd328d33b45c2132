import { createUnionType, Field, ID, ObjectType } from 'type-graphql';
import { Money } from './money.results.ts';
import { Order } from './order.results.ts';
import { Refused, Reversal } from './redemption.results.ts';
import { DateTime, Decimal, LocalDate } from './scalars.ts';
import { Voucher } from './voucher.results.ts';

@ObjectType({ simpleResolvers: true })
export class RefundLine {
  @Field(() => ID, { description: 'The id the caller gave the line.' })
  lineId!: string;

  @Field(() => Decimal)
  quantity!: string;
}

@ObjectType({ description: 'Money given back for an order.', simpleResolvers: true })
export class Refund {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { nullable: true, description: 'The platform’s id; null where a till refunded through the hub.' })
  externalId!: string | null;

  @Field(() => DateTime)
  at!: string;

  @Field(() => LocalDate, { description: 'The business day on which it was made; of a platform’s refund that of the order.' })
  businessDay!: string;

  @Field(() => Money)
  amount!: Money;

  @Field(() => [RefundLine], { description: 'What came back; empty where it was by amount, or all.' })
  lines!: readonly RefundLine[];

  @Field(() => Boolean, { description: 'With it nothing of the order is left.' })
  whole!: boolean;

  @Field(() => String, { nullable: true })
  reason!: string | null;
}

@ObjectType({ description: 'The money is on its way back, and the vouchers are what they should be.', simpleResolvers: true })
export class RefundedOrder {
  @Field(() => Order)
  order!: Order;

  @Field(() => Refund)
  refund!: Refund;

  @Field(() => [Reversal], { description: 'Of vouchers that were used on the order.' })
  reversals!: readonly Reversal[];

  @Field(() => [Voucher], { description: 'Earned by the order, no longer earned, and unused: they are CANCELLED.' })
  takenBack!: readonly Voucher[];

  @Field(() => [Voucher], {
    description: 'No longer earned, but used already: somebody should look at them. The ledger has VOUCHER_KEPT for each.',
  })
  keptBecauseUsed!: readonly Voucher[];

  @Field(() => Boolean)
  replayed!: boolean;
}

export const RefundResult = createUnionType({
  name: 'RefundResult',
  description: 'The refund was booked with all that follows from it, or nothing was.',
  types: () => [RefundedOrder, Refused] as const,
});
