import { createUnionType, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Money } from './money.results.ts';
import { Refused } from './redemption.results.ts';

export const AppliedStatus = {
  APPLYING: 'APPLYING',
  APPLIED: 'APPLIED',
  PARKED: 'PARKED',
  FAILED: 'FAILED',
  REMOVING: 'REMOVING',
  REMOVED: 'REMOVED',
} as const;
registerEnumType(AppliedStatus, {
  name: 'AppliedStatus',
  description:
    'PARKED: waits for an administrator, see outboxJobs. FAILED: refused for good. REMOVING or APPLIED with a lastError: the platform would not take it off.',
});

@ObjectType({
  description:
    'A voucher on an open check at a till. It is redeemed when the check is paid, not before; until then it can be used elsewhere.',
  simpleResolvers: true,
})
export class AppliedVoucher {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  orderExternalId!: string;

  @Field(() => String)
  code!: string;

  @Field(() => Money, { description: 'What the till takes off, as decided when it was applied.' })
  amount!: Money;

  @Field(() => AppliedStatus)
  status!: keyof typeof AppliedStatus;

  @Field(() => String, { nullable: true, description: 'The platform’s id of the discount or payment on the check.' })
  externalId!: string | null;

  @Field(() => String, { nullable: true, description: 'What the platform said last.' })
  lastError!: string | null;
}

export const ApplyVoucherResult = createUnionType({
  name: 'ApplyVoucherResult',
  description: 'On its way to the check, or refused by the rules.',
  types: () => [AppliedVoucher, Refused] as const,
});
