import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { Context } from './context.ts';
import { ExplainedVoucher } from './explained-voucher.results.ts';
import { Explanation } from './explanation.results.ts';
import { explanationView } from './explanation.views.ts';
import { Redemption } from './redemption.results.ts';
import { redemptionView } from './redemption.views.ts';

@Resolver(() => Explanation)
export class ExplanationResolver {
  @Query(() => Explanation, {
    nullable: true,
    description: 'Why a redemption gave what it gave. null where there is none that the caller may see.',
  })
  async explain(@Arg('redemptionId', () => ID) redemptionId: string, @Ctx() context: Context): Promise<Explanation | null> {
    const explanation = await context.hub.explanations.explain(context.actor, redemptionId);
    return explanation && explanationView(context, explanation);
  }
}

@Resolver(() => ExplainedVoucher)
export class ExplainedVoucherResolver {
  @FieldResolver(() => Redemption, { description: 'As it stands now.' })
  redemption(@Root() voucher: ExplainedVoucher): Redemption {
    return redemptionView(voucher.record);
  }
}
