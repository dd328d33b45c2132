import { Field, ID, InputType } from 'type-graphql';
import { SegmentKind } from './enums.ts';

@InputType({ description: 'A set of customers. Exactly one of expression and customerIds.' })
export class CreateSegmentInput {
  @Field(() => String)
  name!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'CEL over customer that gives true or false; checked when it is stored, asked of the one customer when a voucher is decided.',
  })
  expression?: string | null;

  @Field(() => [ID], { nullable: true, description: 'Listed one by one; more come by addToSegment.' })
  customerIds?: string[] | null;
}

@InputType({ description: 'What is left out stays as it is; a list stays a list.' })
export class UpdateSegmentInput {
  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => String, { nullable: true })
  expression?: string | null;
}

@InputType()
export class SegmentFilter {
  @Field(() => [SegmentKind], { nullable: true })
  kinds?: (keyof typeof SegmentKind)[] | null;
}
