import { Field, ID, InputType, Int } from 'type-graphql';
import { SafeInt } from './scalars.ts';

@InputType({ description: 'Codes nobody can guess from one another.' })
export class RandomCodesInput {
  @Field(() => String, { nullable: true, defaultValue: '' })
  prefix?: string | null;

  @Field(() => Int, { nullable: true, defaultValue: 13, description: 'Characters after the prefix, the check character among them.' })
  length?: number | null;

  @Field(() => String, { nullable: true, defaultValue: '0123456789', description: 'The characters they are made of.' })
  alphabet?: string | null;

  @Field(() => Boolean, { nullable: true, defaultValue: true, description: 'The last character tells typing errors.' })
  checkCharacter?: boolean | null;
}

@InputType({ description: 'Numbered codes, as for printed books.' })
export class SequentialCodesInput {
  @Field(() => String, { nullable: true, defaultValue: '' })
  prefix?: string | null;

  @Field(() => SafeInt, { nullable: true, defaultValue: 1, description: 'The first number.' })
  start?: number | null;

  @Field(() => Int, { nullable: true, defaultValue: 9, description: 'Characters of the whole code, its prefix among them.' })
  width?: number | null;
}

@InputType({ description: 'Exactly one of random, sequential and shared.' })
export class GenerateCodesInput {
  @Field(() => ID)
  campaignId!: string;

  @Field(() => String, { description: '1 to 255 characters. The same key with the same input gives the same batch.' })
  idempotencyKey!: string;

  @Field(() => SafeInt, { description: 'How many; 1 with shared.' })
  count!: number;

  @Field(() => RandomCodesInput, { nullable: true })
  random?: RandomCodesInput | null;

  @Field(() => SequentialCodesInput, { nullable: true })
  sequential?: SequentialCodesInput | null;

  @Field(() => String, { nullable: true, description: 'One word for everybody: "SUMMER10". Its limits bound its use.' })
  shared?: string | null;
}
