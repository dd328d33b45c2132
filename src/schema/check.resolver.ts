import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { AppliedRecord } from '../domain/connection/check.types.ts';
import { ApplyVoucherInput } from './check.inputs.ts';
import { AppliedVoucher, ApplyVoucherResult } from './check.results.ts';
import type { Context } from './context.ts';
import { money } from './money.results.ts';
import type { Named, Refused } from './redemption.results.ts';
import { refusedView } from './redemption.views.ts';

const appliedView = ({ amount, currency, ...record }: AppliedRecord): AppliedVoucher => ({ ...record, amount: money(amount, currency) });

@Resolver(() => AppliedVoucher)
export class CheckResolver {
  @Query(() => [AppliedVoucher], { description: 'What was put on a check at a till, the oldest first.' })
  async appliedVouchers(
    @Arg('connectionId', () => ID) connectionId: string,
    @Arg('orderExternalId', () => String) orderExternalId: string,
    @Ctx() { actor, services }: Context,
  ): Promise<readonly AppliedVoucher[]> {
    return (await services.checks.list(actor, connectionId, orderExternalId)).map(appliedView);
  }

  @Mutation(() => ApplyVoucherResult, {
    description:
      'Decides a voucher on a check as it stands at the till, and has the till take it off. Asked again, it gives what is there already. CONFLICT where the check is not open or carries the code; UNAVAILABLE where the till cannot be reached; BAD_USER_INPUT where its platform takes no vouchers on open checks.',
  })
  async applyVoucher(
    @Arg('input', () => ApplyVoucherInput) input: ApplyVoucherInput,
    @Ctx() context: Context,
  ): Promise<(AppliedVoucher & Named<'AppliedVoucher'>) | (Refused & Named<'Refused'>)> {
    const answer = await context.services.checks.apply(context.actor, { ...input, location: input.location ?? null });
    if (answer.kind === 'refused') return refusedView(context, { ...answer, replayed: false });
    return { __typename: 'AppliedVoucher', ...appliedView(answer.applied) };
  }

  @Mutation(() => AppliedVoucher, {
    description: 'Takes a voucher off an open check again. CONFLICT while it is not on it.',
  })
  async removeVoucher(@Arg('id', () => ID) id: string, @Ctx() { actor, services }: Context): Promise<AppliedVoucher> {
    return appliedView(await services.checks.remove(actor, id));
  }
}
