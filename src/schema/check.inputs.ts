import { Field, ID, InputType } from 'type-graphql';

@InputType({ description: 'A voucher to be put on an open check at a till.' })
export class ApplyVoucherInput {
  @Field(() => ID)
  connectionId!: string;

  @Field(() => String, { description: 'The platform’s own id of the check.' })
  orderExternalId!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The platform’s own id of the place that has the check; needed where the connection serves several.',
  })
  location!: string | null;

  @Field(() => String, { description: 'As typed or scanned.' })
  code!: string;
}
