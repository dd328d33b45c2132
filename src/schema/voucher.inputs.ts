import { Field, ID, InputType } from 'type-graphql';
import { CustomerRefInput } from './customer.inputs.ts';
import { VoucherStatus } from './enums.ts';
import { DateTime } from './scalars.ts';

@InputType({ description: 'One voucher of a campaign for one customer. TILL keys: of CUSTOMER campaigns of their stores.' })
export class IssueVoucherInput {
  @Field(() => String, { description: '1 to 255 characters. The same key with the same input gives the same voucher.' })
  idempotencyKey!: string;

  @Field(() => ID)
  campaignId!: string;

  @Field(() => CustomerRefInput)
  customer!: CustomerRefInput;

  @Field(() => DateTime, { nullable: true, description: 'Good from then on; left out: at once. Before validUntil.' })
  validFrom?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Good until then; left out: as long as the campaign.' })
  validUntil?: string | null;
}

@InputType({
  description: 'A filter left out lets all through, an empty list nothing. Values of one filter are alternatives; filters add up.',
})
export class VoucherFilter {
  @Field(() => [ID], { nullable: true })
  campaignIds?: string[] | null;

  @Field(() => [VoucherStatus], { nullable: true })
  statuses?: (keyof typeof VoucherStatus)[] | null;

  @Field(() => ID, { nullable: true })
  customerId?: string | null;
}
