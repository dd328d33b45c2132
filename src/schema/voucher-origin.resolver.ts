import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { faceValue } from '../domain/decision/face-value.ts';
import { type Context, isPublic } from './context.ts';
import { Money, money } from './money.results.ts';
import { Order } from './order.results.ts';
import { orderView } from './order.views.ts';
import { SafeInt } from './scalars.ts';
import { Voucher } from './voucher.results.ts';

/** What a till prints of a voucher beside its code and its time. */
@Resolver(() => Voucher)
export class VoucherOriginResolver {
  @FieldResolver(() => SafeInt, { nullable: true, description: 'Its place in its batch of codes, from 1. null for PUBLIC keys.' })
  serial(@Root() voucher: Voucher, @Ctx() context: Context): number | null {
    const batch = isPublic(context.actor) ? undefined : context.hub.codes.batchAt(voucher.place);
    return batch ? voucher.place.index - batch.firstIndex + 1 : null;
  }

  @FieldResolver(() => Money, {
    nullable: true,
    description: 'The sum to print on it; null where what it gives hangs on the order, and for PUBLIC keys.',
  })
  async value(@Root() voucher: Voucher, @Ctx() context: Context): Promise<Money | null> {
    if (isPublic(context.actor)) return null;
    const { termsVersion } = await context.loaders.origin(voucher.place);
    const terms = await context.loaders.terms({ campaignId: voucher.campaignId, termsVersion });
    const value = faceValue(terms?.incentive ?? null);
    return value && money(value.minor, value.currency);
  }

  @FieldResolver(() => Order, {
    nullable: true,
    description:
      'The order that earned it; null where none did, where it was an order of a store that is not the key’s, and for PUBLIC and PARTNER keys.',
  })
  async sourceOrder(@Root() voucher: Voucher, @Ctx() context: Context): Promise<Order | null> {
    const { actor, loaders } = context;
    if (isPublic(actor) || actor.role === 'PARTNER') return null;
    const { sourceOrderId } = await loaders.origin(voucher.place);
    const order = sourceOrderId === null ? null : await loaders.order(sourceOrderId);
    return order && (actor.storeIds === null || actor.storeIds.includes(order.storeId)) ? orderView(order) : null;
  }
}
