import { createUnionType, Field, ID, Int, ObjectType } from 'type-graphql';
import type { CodePlace } from '../domain/code/code.types.ts';
import { connectionOf } from './connection.results.ts';
import { EffectKind, ReversalPolicy, TaxClass } from './enums.ts';
import { Hold } from './hold.results.ts';
import { Money } from './money.results.ts';
import { Allocation, PricedOrder } from './order.results.ts';
import { Rejection } from './rejection.results.ts';
import { DateTime, LocalDate } from './scalars.ts';

@ObjectType({ description: 'A voucher that was used.', simpleResolvers: true })
export class Redemption {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  code!: string;

  @Field(() => EffectKind)
  kind!: keyof typeof EffectKind;

  @Field(() => TaxClass)
  taxClass!: keyof typeof TaxClass;

  @Field(() => Money, { description: 'What it gave; reversals do not lower it.' })
  amount!: Money;

  @Field(() => Int, { description: 'Its turn among the vouchers of its redeem, from 1. Take several back in this order.' })
  step!: number;

  @Field(() => Money, { description: 'What came back of it so far.' })
  reversed!: Money;

  @Field(() => LocalDate, { description: 'The store’s business day of the order.' })
  businessDay!: string;

  @Field(() => DateTime, { description: 'By the hub’s clock.' })
  redeemedAt!: string;

  @Field(() => String)
  orderSource!: string;

  @Field(() => String)
  orderExternalId!: string;

  storeId!: string;
  campaignId!: string;
  campaignVersion!: number;
  place!: CodePlace;
  /** Known where it was just made; else loaded when asked for. */
  shares!: readonly Allocation[] | null;
}

export const RedemptionConnection = connectionOf('Redemption', () => Redemption);
export const RejectionConnection = connectionOf('Rejection', () => Rejection);

@ObjectType({ description: 'What was taken back of a redemption. Amounts are positive.', simpleResolvers: true })
export class Reversal {
  @Field(() => ID)
  id!: string;

  @Field(() => DateTime)
  at!: string;

  @Field(() => LocalDate, { description: 'The business day on which it was made, not that of the redemption.' })
  businessDay!: string;

  @Field(() => String)
  reason!: string;

  @Field(() => Money)
  amount!: Money;

  @Field(() => [Allocation], { description: 'The shares that came back; none for a tender.' })
  allocations!: readonly Allocation[];

  @Field(() => ReversalPolicy, {
    nullable: true,
    description: 'By which the returned units were judged, that of the redemption’s terms; null where it was not made by unit.',
  })
  policy!: keyof typeof ReversalPolicy | null;

  @Field(() => [Allocation], {
    description: 'REPRICE: shares that did not come back but lie on other units from now on, where they were. In sum what movedTo is.',
  })
  movedFrom!: readonly Allocation[];

  @Field(() => [Allocation], { description: 'The units on which they lie from now on.' })
  movedTo!: readonly Allocation[];

  @Field(() => PricedOrder, {
    nullable: true,
    description:
      'The order of the redemption without the units returned of it, with all vouchers that stand on it, as this reversal left it. null in reversals from before this was kept.',
  })
  order!: PricedOrder | null;

  redemptionId!: string;
  storeId!: string;
}

@ObjectType({ description: 'A voucher that applies, with what it would give.', simpleResolvers: true })
export class Applicable {
  @Field(() => EffectKind)
  kind!: keyof typeof EffectKind;

  @Field(() => TaxClass)
  taxClass!: keyof typeof TaxClass;

  @Field(() => Money)
  amount!: Money;

  @Field(() => [Allocation])
  allocations!: readonly Allocation[];

  code!: string;
  campaignId!: string;
  place!: CodePlace;
}

@ObjectType({ description: 'The vouchers were used.', simpleResolvers: true })
export class Redeemed {
  @Field(() => [Redemption])
  redemptions!: readonly Redemption[];

  @Field(() => PricedOrder)
  order!: PricedOrder;

  @Field(() => Boolean, { description: 'The first answer again, given under this idempotency key before.' })
  replayed!: boolean;
}

@ObjectType({ description: 'What the vouchers would take is set aside.', simpleResolvers: true })
export class Held {
  @Field(() => Hold)
  hold!: Hold;

  @Field(() => Boolean, { description: 'The first answer again; the hold as it stands now.' })
  replayed!: boolean;
}

@ObjectType({ description: 'Taken back. Empty where redeemKey had nothing, or nothing more, to undo.', simpleResolvers: true })
export class Reversed {
  @Field(() => [Reversal])
  reversals!: readonly Reversal[];

  @Field(() => Boolean)
  replayed!: boolean;
}

@ObjectType({ description: 'Nothing was done. One rejection for each code that was refused.', simpleResolvers: true })
export class Refused {
  @Field(() => [Rejection])
  rejections!: readonly Rejection[];

  @Field(() => Boolean)
  replayed!: boolean;
}

/** Answers carry their type's name, so that every executor tells the members of a union apart alike. */
export interface Named<N extends string> {
  readonly __typename: N;
}

const VoucherOutcome = createUnionType({
  name: 'VoucherOutcome',
  description: 'What came of one code.',
  types: () => [Applicable, Rejection] as const,
});
export const RedeemResult = createUnionType({
  name: 'RedeemResult',
  description: 'All of the vouchers were used, or none.',
  types: () => [Redeemed, Refused] as const,
});
export const HoldResult = createUnionType({
  name: 'HoldResult',
  description: 'All of the vouchers are set aside, or none.',
  types: () => [Held, Refused] as const,
});
export const ReverseResult = createUnionType({
  name: 'ReverseResult',
  description: 'What was asked for came back, or nothing did.',
  types: () => [Reversed, Refused] as const,
});

@ObjectType({ description: 'What the codes would give on the basket.', simpleResolvers: true })
export class Validation {
  @Field(() => [VoucherOutcome], { description: 'One for each distinct code, in the order given.' })
  outcomes!: readonly ((Applicable & Named<'Applicable'>) | (Rejection & Named<'Rejection'>))[];

  @Field(() => PricedOrder, { description: 'With the applicable vouchers applied.' })
  order!: PricedOrder;
}
