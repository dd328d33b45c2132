import { Field, ID, InputType } from 'type-graphql';
import { Decimal, SafeInt } from './scalars.ts';

@InputType({ description: 'So much of one line of the order came back.' })
export class RefundLineInput {
  @Field(() => ID, { description: 'The id the caller gave the line.' })
  lineId!: string;

  @Field(() => Decimal, { description: 'How much of it came back; whole where the line is sold by the piece.' })
  quantity!: string;
}

@InputType({
  description:
    'Money given back for a recorded order. Exactly one of orderId and externalId. Neither amount nor lines: all that is left. Lines without amount: what was due on them.',
})
export class RefundOrderInput {
  @Field(() => String, { description: '1 to 255 characters. The same key with the same input gives the first answer again.' })
  idempotencyKey!: string;

  @Field(() => ID, { nullable: true })
  orderId?: string | null;

  @Field(() => String, { nullable: true, defaultValue: 'api', description: 'With externalId the order’s identity outside.' })
  source?: string | null;

  @Field(() => String, { nullable: true })
  externalId?: string | null;

  @Field(() => SafeInt, {
    nullable: true,
    description: 'Minor units of the order’s currency, at most what was paid and is not given back yet.',
  })
  amount?: number | null;

  @Field(() => [RefundLineInput], { nullable: true, description: 'What came back.' })
  lines?: RefundLineInput[] | null;

  @Field(() => String, { description: 'Why, in a person’s words; up to 500 characters.' })
  reason!: string;
}
