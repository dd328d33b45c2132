import { Field, InputType, Int } from 'type-graphql';
import { Currency, Decimal, LocalTime } from './scalars.ts';

@InputType({ description: 'The tax rate of one group of items.' })
export class GroupTaxRateInput {
  @Field(() => String)
  group!: string;

  @Field(() => Decimal, { description: 'Percent, 0 or more.' })
  rate!: string;
}

@InputType({ description: 'A restaurant: its clock, its money, its taxes.' })
export class CreateStoreInput {
  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true, defaultValue: 'Europe/Madrid', description: 'IANA zone.' })
  timeZone!: string | null;

  @Field(() => LocalTime, { nullable: true, defaultValue: '04:00', description: 'When the business day begins, on the local clock.' })
  businessDayStart!: string | null;

  @Field(() => Currency, { nullable: true, defaultValue: 'EUR', description: 'Stays for good.' })
  currency!: string | null;

  @Field(() => [String], { nullable: true })
  groups?: string[] | null;

  @Field(() => String, { nullable: true, defaultValue: 'es', description: 'es or en.' })
  language!: string | null;

  @Field(() => Decimal, { nullable: true, defaultValue: '10', description: 'Percent.' })
  defaultTaxRate!: string | null;

  @Field(() => [GroupTaxRateInput], { nullable: true, description: 'One entry a group.' })
  taxRates?: GroupTaxRateInput[] | null;

  @Field(() => Int, { nullable: true, description: '1 or more; left out: no bound.' })
  maxVouchersPerOrder?: number | null;
}

@InputType({ description: 'What is left out stays as it is; null clears what may be empty; lists replace. The currency cannot change.' })
export class UpdateStoreInput {
  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => String, { nullable: true })
  timeZone?: string | null;

  @Field(() => LocalTime, { nullable: true })
  businessDayStart?: string | null;

  @Field(() => [String], { nullable: true })
  groups?: string[] | null;

  @Field(() => String, { nullable: true })
  language?: string | null;

  @Field(() => Decimal, { nullable: true })
  defaultTaxRate?: string | null;

  @Field(() => [GroupTaxRateInput], { nullable: true })
  taxRates?: GroupTaxRateInput[] | null;

  @Field(() => Int, { nullable: true })
  maxVouchersPerOrder?: number | null;
}
