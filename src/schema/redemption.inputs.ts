import { Field, ID, InputType, Int } from 'type-graphql';
import { EntryMode } from './enums.ts';
import { OrderInput } from './order.inputs.ts';
import { Decimal, SafeInt } from './scalars.ts';

@InputType({ description: 'What is asked of a basket. Nothing is taken.' })
export class ValidateInput {
  @Field(() => [String], { description: '1 to 30. Case, spaces and dashes do not matter; one given twice counts once.' })
  codes!: string[];

  @Field(() => OrderInput)
  order!: OrderInput;

  @Field(() => String, { nullable: true, description: 'The till’s own name in its store: limits per TILL count under it.' })
  tillId?: string | null;

  @Field(() => String, { nullable: true, description: 'Who served, as the till numbers its people; no name.' })
  staffId?: string | null;
}

@InputType({ description: 'All of the vouchers are set aside, or none.' })
export class HoldInput {
  @Field(() => String, { description: '1 to 255 characters. The same key with the same input gives the first answer again.' })
  idempotencyKey!: string;

  @Field(() => [String], { description: '1 to 30.' })
  codes!: string[];

  @Field(() => OrderInput)
  order!: OrderInput;

  @Field(() => String, { nullable: true, description: 'The till’s own name in its store: limits per TILL count under it.' })
  tillId?: string | null;

  @Field(() => String, { nullable: true, description: 'Who served, as the till numbers its people; no name.' })
  staffId?: string | null;

  @Field(() => Int, { nullable: true, defaultValue: 600, description: 'Seconds until it expires, 1 to 3,600.' })
  ttlSeconds?: number | null;
}

@InputType({ description: 'Either holdId or codes.' })
export class RedeemInput {
  @Field(() => String, { description: '1 to 255 characters. After a time-out send the same key again; after a Refused take a new one.' })
  idempotencyKey!: string;

  @Field(() => ID, { nullable: true, description: 'Redeems what the hold set aside; the order must be the one it was made for.' })
  holdId?: string | null;

  @Field(() => [String], { nullable: true, description: '1 to 30; all succeed or none does.' })
  codes?: string[] | null;

  @Field(() => OrderInput)
  order!: OrderInput;

  @Field(() => String, { nullable: true, description: 'The till’s own name in its store: limits per TILL count under it.' })
  tillId?: string | null;

  @Field(() => String, { nullable: true, description: 'Who served, as the till numbers its people; no name.' })
  staffId?: string | null;

  @Field(() => EntryMode, { nullable: true, defaultValue: 'SCANNED' })
  entryMode?: keyof typeof EntryMode | null;
}

@InputType({ description: 'So much of one line of the redemption’s order.' })
export class ReverseUnitInput {
  @Field(() => ID, { description: 'The id the caller gave the line.' })
  lineId!: string;

  @Field(() => Decimal, { description: 'How much of the line comes back, above 0.' })
  quantity!: string;
}

@InputType({
  description:
    'Either redemptionId or redeemKey. With redemptionId: the units, or the amount, or all that is left. With redeemKey: all that the redeem with that idempotency key did, whole; where it has not arrived yet, its key is burnt.',
})
export class ReverseInput {
  @Field(() => String, { description: '1 to 255 characters.' })
  idempotencyKey!: string;

  @Field(() => ID, { nullable: true })
  redemptionId?: string | null;

  @Field(() => String, { nullable: true, description: 'The idempotency key of a redeem whose answer never came.' })
  redeemKey?: string | null;

  @Field(() => [ReverseUnitInput], { nullable: true, description: 'Not together with amount, and not for a tender.' })
  units?: ReverseUnitInput[] | null;

  @Field(() => SafeInt, { nullable: true, description: 'Minor units, above 0.' })
  amount?: number | null;

  @Field(() => String, { description: 'Why, in a person’s words; nothing personal.' })
  reason!: string;
}
