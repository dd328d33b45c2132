import { Field, Float, ID, ObjectType } from 'type-graphql';
import type { CodeBatchRecord } from '../domain/code/code.types.ts';
import { SafeInt } from './scalars.ts';

@ObjectType({ description: 'Codes that were made together.', simpleResolvers: true })
export class CodeBatch {
  @Field(() => ID)
  id!: string;

  @Field(() => SafeInt)
  count!: number;

  @Field(() => String)
  first!: string;

  @Field(() => String)
  last!: string;

  @Field(() => Float, { description: 'The chance that one random try at the pattern hits a usable code of the batch, 0 to 1.' })
  guessOdds!: number;

  @Field(() => String, {
    description:
      'A path on this hub, same bearer key: all codes under the header `code`. `?part=n` is the n-th thousand, `?format=zip` all parts.',
  })
  csvUrl!: string;

  record!: CodeBatchRecord;
}
