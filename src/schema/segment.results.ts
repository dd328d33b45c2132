import { Field, ID, Int, ObjectType } from 'type-graphql';
import { connectionOf } from './connection.results.ts';
import { Customer } from './customer.results.ts';
import { SegmentKind } from './enums.ts';

@ObjectType({ description: 'A set of customers. TILL keys see id, name and kind; the rest is null.', simpleResolvers: true })
export class Segment {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => SegmentKind)
  kind!: keyof typeof SegmentKind;

  @Field(() => String, { nullable: true, description: 'CEL over customer; null where customers are listed.' })
  expression!: string | null;

  @Field(() => Int, { nullable: true, description: 'Goes up with each change.' })
  version!: number | null;

  /** Nothing but id, name and kind may be seen. */
  masked!: boolean;
}

export const SegmentConnection = connectionOf('Segment', () => Segment);
export const CustomerConnection = connectionOf('Customer', () => Customer);
