import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Money } from './money.results.ts';
import { DateTime, Decimal, LocalDate } from './scalars.ts';

@ObjectType({ description: 'The tax of one rate.', simpleResolvers: true })
export class TaxAmount {
  @Field(() => Decimal, { description: 'Percent.' })
  rate!: string;

  @Field(() => Money, { description: 'What the lines of this rate come to; with the tax in it where prices include it.' })
  base!: Money;

  @Field(() => Money)
  tax!: Money;
}

@ObjectType({ simpleResolvers: true })
export class PricedLine {
  @Field(() => ID, { description: 'The id the caller gave the line.' })
  lineId!: string;

  @Field(() => Money, { description: 'Unit price times quantity.' })
  gross!: Money;

  @Field(() => Money, { description: 'The discount given before, and the vouchers’ shares.' })
  discount!: Money;

  @Field(() => Money, { description: 'gross less discount; before part payments and added tax.' })
  due!: Money;

  @Field(() => Boolean, { description: 'A voucher was taken off the whole order: no line discount may be added.' })
  locked!: boolean;
}

@ObjectType({ description: 'An order reckoned to the cent, with the vouchers that apply.', simpleResolvers: true })
export class PricedOrder {
  @Field(() => Money, { description: 'The sum of the lines’ gross.' })
  subtotal!: Money;

  @Field(() => Money, { description: 'Given on lines before any voucher.' })
  lineDiscounts!: Money;

  @Field(() => Money, { description: 'Given by vouchers, part payments not counted.' })
  voucherDiscounts!: Money;

  @Field(() => Money, { description: 'Paid by vouchers.' })
  tendered!: Money;

  @Field(() => [TaxAmount], { description: 'By rate, lowest first; before part payments.' })
  tax!: readonly TaxAmount[];

  @Field(() => Money, { description: 'What is left to pay, tax included.' })
  due!: Money;

  @Field(() => [PricedLine])
  lines!: readonly PricedLine[];
}

@ObjectType({
  description: 'The share of a discount that lies on one unit of one line. The shares add up to the discount.',
  simpleResolvers: true,
})
export class Allocation {
  @Field(() => ID)
  lineId!: string;

  @Field(() => Int, { description: 'From 1.' })
  unit!: number;

  @Field(() => Decimal, { description: 'Percent.' })
  taxRate!: string;

  @Field(() => Money)
  amount!: Money;
}

@ObjectType({ description: 'A service or delivery charge.', simpleResolvers: true })
export class PlatformCharge {
  @Field(() => String)
  name!: string;

  @Field(() => Money)
  amount!: Money;
}

@ObjectType({
  description: 'What the platform itself says of an order, beside what the hub reckons of its lines and vouchers.',
  simpleResolvers: true,
})
export class PlatformFigures {
  @Field(() => Money, { description: 'What the guest has to pay, tips and charges included.' })
  total!: Money;

  @Field(() => Money, { nullable: true })
  tip!: Money | null;

  @Field(() => [PlatformCharge])
  charges!: readonly PlatformCharge[];

  @Field(() => LocalDate, { nullable: true, description: 'The platform’s own business day.' })
  businessDay!: string | null;

  @Field(() => DateTime, { nullable: true })
  closedAt!: string | null;

  @Field(() => ID, { nullable: true, description: 'The platform’s own id of the till.' })
  tillId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The platform’s own id of the member of staff.' })
  staffId!: string | null;
}

@ObjectType({ description: 'An order that was recorded.', simpleResolvers: true })
export class Order {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { description: 'With `source` its identity outside.' })
  externalId!: string;

  @Field(() => String)
  source!: string;

  @Field(() => LocalDate, { description: 'The store’s business day on which it was placed.' })
  businessDay!: string;

  @Field(() => PricedOrder)
  priced!: PricedOrder;

  @Field(() => PlatformFigures, { nullable: true, description: 'Null for orders that no platform told of.' })
  platform!: PlatformFigures | null;

  storeId!: string;
  customerId!: string | null;
}
