import { Field, ID, InputType, Int } from 'type-graphql';
import { SalesChannel, Weekday } from './enums.ts';
import { LocalDate, LocalTime, SafeInt } from './scalars.ts';

@InputType({
  description:
    'Half-open local times of business days: 22:00 to 02:00 runs past midnight, and a Friday’s until 02:00 holds on Saturday at 01:30, which is still Friday’s business day. From and to alike: the whole business day.',
})
export class WindowInput {
  @Field(() => [Weekday], { description: 'Of the business day.' })
  weekdays!: (keyof typeof Weekday)[];

  @Field(() => LocalTime)
  from!: string;

  @Field(() => LocalTime, { description: 'The first minute that is outside.' })
  to!: string;
}

@InputType({
  description:
    'Business days around a day that comes every year, the day itself included; 29 February is 28 February in a common year. 0 to 366 on either side.',
})
export class DayWindowInput {
  @Field(() => Int)
  daysBefore!: number;

  @Field(() => Int)
  daysAfter!: number;
}

@InputType({
  description:
    'What an order must be like: all that is given must hold, and so must the conditions of the main campaign. Amounts in minor units of the store’s currency, looked at before vouchers, bounds included.',
})
export class ConditionsInput {
  @Field(() => SafeInt, { nullable: true })
  minimumOrder?: number | null;

  @Field(() => SafeInt, { nullable: true })
  maximumOrder?: number | null;

  @Field(() => Boolean, { nullable: true })
  customerRequired?: boolean | null;

  @Field(() => [ID], { nullable: true, description: 'The customer is in one of these segments.' })
  segmentIds?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'The customer, where the order names one, is in none of these groups.' })
  excludedGroups?: string[] | null;

  @Field(() => [SalesChannel], { nullable: true, description: 'Left out: every channel.' })
  channels?: (keyof typeof SalesChannel)[] | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'One payment of the order is by one of these methods, compared without case and outer spaces. An order without payments is refused: say how it will be paid.',
  })
  paymentMethods?: string[] | null;

  @Field(() => [WindowInput], { nullable: true, description: 'The order is placed in one of these. Left out: at any time.' })
  windows?: WindowInput[] | null;

  @Field(() => [LocalDate], { nullable: true, description: 'Business days on which nothing is taken.' })
  blackoutDays?: string[] | null;

  @Field(() => DayWindowInput, { nullable: true, description: 'Around the birthday of the customer.' })
  birthdayWindow?: DayWindowInput | null;

  @Field(() => DayWindowInput, { nullable: true, description: 'Around the anniversary of the customer.' })
  anniversaryWindow?: DayWindowInput | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'The customer has no other order: none recorded, none with a voucher that stands. Several such vouchers may be used on one order.',
  })
  firstOrderOnly?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description:
      'CEL over order, customer, store and voucher that gives true or false; checked when it is stored. What it asks for and is not there does not hold.',
  })
  expression?: string | null;
}
