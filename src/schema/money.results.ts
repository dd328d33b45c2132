import { Field, ObjectType } from 'type-graphql';
import { Currency, SafeInt } from './scalars.ts';

@ObjectType({ description: 'An amount of money, exact.', simpleResolvers: true })
export class Money {
  @Field(() => SafeInt, { description: 'Minor units of the currency: 1250 is 12.50 EUR.' })
  minor!: number;

  @Field(() => Currency)
  currency!: string;
}

export const money = (minor: number, currency: string): Money => ({ minor, currency });
