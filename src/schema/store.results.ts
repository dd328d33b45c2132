import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Currency, Decimal, LocalTime } from './scalars.ts';

@ObjectType({ description: 'The tax rate of one group of items in a store.', simpleResolvers: true })
export class GroupTaxRate {
  @Field(() => String)
  group!: string;

  @Field(() => Decimal, { description: 'Percent.' })
  rate!: string;
}

@ObjectType({ description: 'A restaurant: its clock, its money, its taxes.', simpleResolvers: true })
export class Store {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'IANA zone: "Europe/Madrid".' })
  timeZone!: string;

  @Field(() => LocalTime, { description: 'When its business day begins: at 04:00, the night of Friday still belongs to Friday.' })
  businessDayStart!: string;

  @Field(() => Currency)
  currency!: string;

  @Field(() => [String], { description: 'Free labels, to sort stores by.' })
  groups!: readonly string[];

  @Field(() => String, { description: 'The language of its texts where the caller asks for none: es or en.' })
  language!: string;

  @Field(() => Decimal, { description: 'Percent; for items whose group has no rate of its own.' })
  defaultTaxRate!: string;

  @Field(() => [GroupTaxRate])
  taxRates!: readonly GroupTaxRate[];

  @Field(() => Int, { nullable: true, description: 'How many vouchers one order takes; null: as many as their own rules let.' })
  maxVouchersPerOrder!: number | null;
}
