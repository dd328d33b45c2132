import { Field, ID, Int, ObjectType } from 'type-graphql';
import { SalesChannel, Weekday } from './enums.ts';
import { LocalDate, LocalTime, SafeInt } from './scalars.ts';

@ObjectType({ description: 'Half-open local times of business days; over midnight where to is not after from.', simpleResolvers: true })
export class Window {
  @Field(() => [Weekday])
  weekdays!: readonly (keyof typeof Weekday)[];

  @Field(() => LocalTime)
  from!: string;

  @Field(() => LocalTime)
  to!: string;
}

@ObjectType({ description: 'Business days around a day that comes every year.', simpleResolvers: true })
export class DayWindow {
  @Field(() => Int)
  daysBefore!: number;

  @Field(() => Int)
  daysAfter!: number;
}

@ObjectType({ simpleResolvers: true })
export class Conditions {
  @Field(() => SafeInt, { nullable: true, description: 'Minor units of the store’s currency.' })
  minimumOrder!: number | null;

  @Field(() => SafeInt, { nullable: true, description: 'Minor units of the store’s currency.' })
  maximumOrder!: number | null;

  @Field(() => Boolean, { nullable: true })
  customerRequired!: boolean | null;

  @Field(() => [ID], { nullable: true, description: 'One of these segments.' })
  segmentIds!: readonly string[] | null;

  @Field(() => [String], { nullable: true, description: 'None of these customer groups.' })
  excludedGroups!: readonly string[] | null;

  @Field(() => [SalesChannel], { nullable: true })
  channels!: readonly (keyof typeof SalesChannel)[] | null;

  @Field(() => [String], { nullable: true })
  paymentMethods!: readonly string[] | null;

  @Field(() => [Window], { nullable: true })
  windows!: readonly Window[] | null;

  @Field(() => [LocalDate], { nullable: true, description: 'Business days.' })
  blackoutDays!: readonly string[] | null;

  @Field(() => DayWindow, { nullable: true })
  birthdayWindow!: DayWindow | null;

  @Field(() => DayWindow, { nullable: true })
  anniversaryWindow!: DayWindow | null;

  @Field(() => Boolean, { nullable: true })
  firstOrderOnly!: boolean | null;

  @Field(() => String, { nullable: true, description: 'CEL.' })
  expression!: string | null;
}
