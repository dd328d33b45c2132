import { Field, InputType, Int } from 'type-graphql';
import { ConditionsInput } from './conditions.inputs.ts';
import { ScopeInput } from './incentive.inputs.ts';
import { SafeInt } from './scalars.ts';

@InputType({
  description:
    'Vouchers that a paid order earns: issued at once, in the answer to recordOrder. The campaign’s own conditions say when they may be used; those here, when they are earned.',
})
export class IssuanceInput {
  @Field(() => ConditionsInput, { nullable: true, description: 'What the order must be like; left out: any paid order.' })
  conditions?: ConditionsInput | null;

  @Field(() => ScopeInput, {
    nullable: true,
    description: 'Items that must be on it, and whose sum counts for everyAmount; left out: the whole order.',
  })
  scope?: ScopeInput | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 1,
    description: 'How many the order earns, 1 to 100; with everyAmount, for each such amount.',
  })
  count?: number | null;

  @Field(() => SafeInt, {
    nullable: true,
    description: 'Minor units of the store’s currency, after line discounts and before vouchers: each full such amount earns `count`.',
  })
  everyAmount?: number | null;

  @Field(() => Int, { nullable: true, description: 'No order earns more, 1 to 100; left out: 100.' })
  maximumPerOrder?: number | null;

  @Field(() => String, { nullable: true, description: 'ISO 8601 duration from the order’s moment: good from then on. Left out: at once.' })
  validAfter?: string | null;

  @Field(() => String, { nullable: true, description: 'ISO 8601 duration for which it is then good. Left out: as long as the campaign.' })
  validFor?: string | null;
}
