import { Arg, Ctx, FieldResolver, Int, Mutation, Resolver, Root } from 'type-graphql';
import { badInput } from '../domain/shared/errors.ts';
import { GenerateCodesInput } from './code.inputs.ts';
import { CodeBatch } from './code.results.ts';
import type { Context } from './context.ts';
import { MAX_PAGE } from './pages.ts';

@Resolver(() => CodeBatch)
export class CodeResolver {
  @Mutation(() => CodeBatch, { description: 'Makes codes; a hundred million take no longer than one.' })
  async generateCodes(@Arg('input', () => GenerateCodesInput) input: GenerateCodesInput, @Ctx() context: Context): Promise<CodeBatch> {
    const record = await context.hub.codes.generate(context.actor, input);
    const { id, count, first, last, guessOdds } = record;
    return { id, count, first, last, guessOdds, csvUrl: `/codes/${id}.csv`, record };
  }

  @FieldResolver(() => [String], { description: 'The first codes, in their order; at most 1,000.' })
  sample(
    @Root() batch: CodeBatch,
    @Arg('first', () => Int, { nullable: true, defaultValue: 10 }) first: number | null,
    @Ctx() context: Context,
  ): string[] {
    const wanted = first ?? 10;
    if (wanted < 0 || wanted > MAX_PAGE) throw badInput({ path: 'first', message: `A sample holds 0 to ${MAX_PAGE} codes.` });
    return context.hub.codes.sample(batch.record, wanted);
  }
}
