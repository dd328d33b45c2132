import { Field, InputType } from 'type-graphql';
import { SalesChannel } from './enums.ts';
import { SafeInt } from './scalars.ts';

@InputType({
  description: 'What an order must be like. Amounts in minor units of the store’s currency, looked at before vouchers, bounds included.',
})
export class ConditionsInput {
  @Field(() => SafeInt, { nullable: true })
  minimumOrder?: number | null;

  @Field(() => SafeInt, { nullable: true })
  maximumOrder?: number | null;

  @Field(() => Boolean, { nullable: true })
  customerRequired?: boolean | null;

  @Field(() => [SalesChannel], { nullable: true, description: 'Left out: every channel.' })
  channels?: (keyof typeof SalesChannel)[] | null;
}
