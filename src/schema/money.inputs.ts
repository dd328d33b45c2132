import { Field, InputType } from 'type-graphql';
import { Currency, SafeInt } from './scalars.ts';

@InputType()
export class MoneyInput {
  @Field(() => SafeInt, { description: 'Minor units.' })
  minor!: number;

  @Field(() => Currency)
  currency!: string;
}
