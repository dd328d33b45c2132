import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { Context } from './context.ts';
import { Customer } from './customer.results.ts';
import { OrderInput } from './order.inputs.ts';
import { orderDraft } from './order.parse.ts';
import { Order } from './order.results.ts';
import { orderView } from './order.views.ts';
import { Redemption } from './redemption.results.ts';
import { redemptionView } from './redemption.views.ts';
import { Store } from './store.results.ts';
import { storeOf } from './store.views.ts';
import { Voucher } from './voucher.results.ts';
import { vouchersSeen } from './voucher.views.ts';

@Resolver(() => Order)
export class OrderResolver {
  @Mutation(() => Order, {
    description:
      'Takes an order in, or what changed of it, and issues the vouchers it earns once it is paid. The same body again is the same order.',
  })
  async recordOrder(
    @Arg('input', () => OrderInput) input: OrderInput,
    @Arg('tillId', () => String, { nullable: true, description: 'What limits on issued vouchers per TILL count under; left out: the key.' })
    tillId: string | null | undefined,
    @Ctx() context: Context,
  ): Promise<Order> {
    return orderView(await context.hub.orders.record(context.actor, orderDraft(input), tillId ?? null));
  }

  @FieldResolver(() => Store)
  store(@Root() order: Order, @Ctx() context: Context): Store | Promise<Store> {
    return storeOf(context, order.storeId);
  }

  @FieldResolver(() => Customer, { nullable: true, description: 'null for CONNECTOR keys.' })
  async customer(@Root() order: Order, @Ctx() context: Context): Promise<Customer | null> {
    return order.customerId === null || context.actor.role === 'CONNECTOR' ? null : context.loaders.customer(order.customerId);
  }

  @FieldResolver(() => [Redemption], {
    description:
      'The vouchers used on it, in the order in which they were applied; empty for CONNECTOR keys. TILL keys: those of their stores.',
  })
  async redemptions(@Root() order: Order, @Ctx() context: Context): Promise<Redemption[]> {
    if (context.actor.role === 'CONNECTOR') return [];
    const { storeIds } = context.actor;
    const records = await context.loaders.redemptionsOn(order.id);
    return records.filter(({ storeId }) => storeIds === null || storeIds.includes(storeId)).map(redemptionView);
  }

  @FieldResolver(() => [Voucher], {
    description:
      'The vouchers that the order earned, in the order in which they were issued; those taken back since are CANCELLED. Empty for CONNECTOR keys.',
  })
  async issued(@Root() order: Order, @Ctx() context: Context): Promise<Voucher[]> {
    if (context.actor.role === 'CONNECTOR') return [];
    return vouchersSeen(context, await context.loaders.issuedOn(order.id));
  }
}
