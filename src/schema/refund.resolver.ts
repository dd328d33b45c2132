import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { Context } from './context.ts';
import { Money, money } from './money.results.ts';
import { Order } from './order.results.ts';
import { orderView } from './order.views.ts';
import type { Named, Refused } from './redemption.results.ts';
import { refusedView, reversalView } from './redemption.views.ts';
import { RefundOrderInput } from './refund.inputs.ts';
import { Refund, type RefundedOrder, RefundResult } from './refund.results.ts';
import { refundCommand, refundView } from './refund.views.ts';
import { vouchersSeen } from './voucher.views.ts';

@Resolver(() => Order)
export class RefundResolver {
  @Mutation(() => RefundResult, {
    description:
      'Gives money of an order back, whole or in part: reverses the vouchers used on it by what came back, and takes back those it no longer earns. CONFLICT for an order that a connection brought: it is refunded at the platform, which tells of it.',
  })
  async refundOrder(
    @Arg('input', () => RefundOrderInput) input: RefundOrderInput,
    @Ctx() context: Context,
  ): Promise<(RefundedOrder & Named<'RefundedOrder'>) | (Refused & Named<'Refused'>)> {
    const answer = await context.hub.refunds.refund(context.actor, refundCommand(input));
    if (answer.kind === 'refused') return refusedView(context, answer);
    return {
      __typename: 'RefundedOrder',
      order: orderView(answer.order),
      refund: refundView(answer.refund),
      reversals: answer.reversals.map(reversalView),
      takenBack: await vouchersSeen(context, answer.refund.takenBack),
      keptBecauseUsed: await vouchersSeen(context, answer.refund.keptBecauseUsed),
      replayed: answer.replayed,
    };
  }

  @FieldResolver(() => Money, { description: 'What was given back in all.' })
  async refunded(@Root() order: Order, @Ctx() context: Context): Promise<Money> {
    const refunds = await context.loaders.refunds(order.id);
    const sum = refunds.reduce((total, refund) => total + refund.amount, 0);
    return money(sum, order.priced.due.currency);
  }

  @FieldResolver(() => [Refund], { description: 'In the order in which they were made.' })
  async refunds(@Root() order: Order, @Ctx() context: Context): Promise<Refund[]> {
    return (await context.loaders.refunds(order.id)).map(refundView);
  }
}
