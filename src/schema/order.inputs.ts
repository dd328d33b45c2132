import { Field, ID, InputType } from 'type-graphql';
import { CustomerRefInput } from './customer.inputs.ts';
import { SalesChannel } from './enums.ts';
import { Currency, DateTime, Decimal, SafeInt } from './scalars.ts';

@InputType({ description: 'One line of an order. Amounts in minor units of the order’s currency.' })
export class OrderLineInput {
  @Field(() => ID, { description: 'The caller’s; unique in the order.' })
  id!: string;

  @Field(() => String)
  sku!: string;

  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'The group of items, which tax rates and scopes go by.' })
  group?: string | null;

  @Field(() => String, { nullable: true })
  brand?: string | null;

  @Field(() => Decimal, {
    nullable: true,
    defaultValue: '1',
    description: 'Above 0. A whole number is that many units, anything else (0.350 kg) one.',
  })
  quantity?: string | null;

  @Field(() => SafeInt, { description: 'Minor units for a quantity of 1.' })
  unitPrice!: number;

  @Field(() => SafeInt, {
    nullable: true,
    defaultValue: 0,
    description: 'Already given on the whole line, minor units, at most its gross.',
  })
  discount?: number | null;

  @Field(() => Decimal, { nullable: true, description: 'Percent. Left out: the store’s rate for the group, else its default.' })
  taxRate?: string | null;
}

@InputType({ description: 'A payment taken for the order, in minor units of its currency.' })
export class PaymentInput {
  @Field(() => String)
  method!: string;

  @Field(() => SafeInt)
  amount!: number;

  @Field(() => String, { nullable: true })
  externalId?: string | null;

  @Field(() => DateTime, { nullable: true })
  paidAt?: string | null;
}

@InputType({ description: 'A basket or a check. (source, externalId) is its identity. At most 500 lines and 10,000 units.' })
export class OrderInput {
  @Field(() => String, { description: 'The caller’s number for it.' })
  externalId!: string;

  @Field(() => String, {
    nullable: true,
    defaultValue: 'api',
    description: 'Where the number comes from; a CONNECTOR key names its connection’s id here.',
  })
  source?: string | null;

  @Field(() => SafeInt, { nullable: true, description: 'recordOrder: one that is not above the stored one changes nothing.' })
  revision?: number | null;

  @Field(() => ID)
  storeId!: string;

  @Field(() => SalesChannel, { nullable: true, defaultValue: 'DINE_IN' })
  channel?: keyof typeof SalesChannel | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'Decides the business day, windows and periods; left out: now. TILL and PUBLIC keys: at most 24 h back and 5 min ahead, else BAD_USER_INPUT.',
  })
  placedAt?: string | null;

  @Field(() => Currency)
  currency!: string;

  @Field(() => Boolean, { nullable: true, defaultValue: true })
  pricesIncludeTax?: boolean | null;

  @Field(() => CustomerRefInput, { nullable: true })
  customer?: CustomerRefInput | null;

  @Field(() => [OrderLineInput])
  lines!: OrderLineInput[];

  @Field(() => [PaymentInput], { nullable: true })
  payments?: PaymentInput[] | null;
}
