import { Field, InputType } from 'type-graphql';
import { Currency, SafeInt } from './scalars.ts';

@InputType({ description: 'An amount of money, exact: 1250 EUR is 12.50.' })
export class MoneyInput {
  @Field(() => SafeInt, { description: 'Minor units.' })
  minor!: number;

  @Field(() => Currency)
  currency!: string;
}
