import { createUnionType, Field, ID, ObjectType } from 'type-graphql';
import type { CodePlace } from '../domain/code/code.types.ts';
import type { VoucherView } from '../domain/voucher/voucher.types.ts';
import { connectionOf } from './connection.results.ts';
import { Refused } from './redemption.results.ts';

@ObjectType({
  description:
    'One code. Its id is fixed from the moment the code exists. PUBLIC keys see id, code, status, validFrom, validUntil, balance and the masked campaign.',
  simpleResolvers: true,
})
export class Voucher {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  code!: string;

  campaignId!: string;
  place!: CodePlace;
  /** null: looked up when asked for. */
  state!: VoucherView | null;
}

export const VoucherConnection = connectionOf('Voucher', () => Voucher);

@ObjectType({ description: 'The customer has the voucher.', simpleResolvers: true })
export class Issued {
  @Field(() => Voucher)
  voucher!: Voucher;

  @Field(() => Boolean)
  replayed!: boolean;
}

export const IssueResult = createUnionType({
  name: 'IssueResult',
  description: 'The customer has the voucher, or none was given.',
  types: () => [Issued, Refused] as const,
});
