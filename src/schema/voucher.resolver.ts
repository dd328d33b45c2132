import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Campaign } from './campaign.results.ts';
import { campaignView } from './campaign.views.ts';
import type { Connection } from './connection.results.ts';
import { connectionView } from './connection.views.ts';
import { type Context, isPublic } from './context.ts';
import { Customer } from './customer.results.ts';
import { VoucherStatus } from './enums.ts';
import { Money, money } from './money.results.ts';
import { exactlyOne, pageRequest } from './pages.ts';
import { type Named, type Redemption, RedemptionConnection, type Refused } from './redemption.results.ts';
import { redemptionView, refusedView } from './redemption.views.ts';
import { DateTime } from './scalars.ts';
import { seesVouchersOf } from './visibility.ts';
import { IssueVoucherInput, VoucherFilter } from './voucher.inputs.ts';
import { issueCommand } from './voucher.parse.ts';
import { type Issued, IssueResult, Voucher, VoucherConnection } from './voucher.results.ts';
import { instantOf, voucherAt, voucherState, voucherView } from './voucher.views.ts';

@Resolver(() => Voucher)
export class VoucherResolver {
  @Query(() => Voucher, { nullable: true, description: 'By exactly one of code and id; null where there is none that the caller may see.' })
  async voucher(
    @Arg('code', () => String, { nullable: true }) code: string | null | undefined,
    @Arg('id', () => ID, { nullable: true }) id: string | null | undefined,
    @Ctx() context: Context,
  ): Promise<Voucher | null> {
    const { vouchers, campaigns } = context.hub;
    const state = exactlyOne({ code, id }) === 'code' ? await vouchers.byCode(String(code)) : await vouchers.byId(String(id));
    const campaign = state && (await campaigns.get(state.campaignId));
    return state && campaign && seesVouchersOf(context.actor, campaign) ? voucherView(state) : null;
  }

  @Query(() => VoucherConnection, { description: 'Those somebody touched first, newest first; then those nobody touched, batch by batch.' })
  async vouchers(
    @Arg('filter', () => VoucherFilter, { nullable: true }) filter: VoucherFilter | null | undefined,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
    @Ctx() context: Context,
  ): Promise<Connection<Voucher>> {
    return connectionView(await context.hub.lists.vouchers(context.actor, filter ?? null, pageRequest(first, after)), voucherView);
  }

  @Mutation(() => IssueResult, { description: 'Gives one voucher of a campaign to a customer.' })
  async issueVoucher(
    @Arg('input', () => IssueVoucherInput) input: IssueVoucherInput,
    @Ctx() context: Context,
  ): Promise<(Issued & Named<'Issued'>) | (Refused & Named<'Refused'>)> {
    const answer = await context.hub.issuing.issue(context.actor, issueCommand(input));
    if (answer.kind === 'refused') return refusedView(context, answer);
    return { __typename: 'Issued', voucher: await voucherAt(context, answer), replayed: answer.replayed };
  }

  @Mutation(() => Voucher, { description: 'Stops a voucher.' })
  async blockVoucher(
    @Arg('id', () => ID) id: string,
    @Arg('reason', () => String) reason: string,
    @Ctx() context: Context,
  ): Promise<Voucher> {
    return voucherView(await context.hub.vouchers.block(context.actor, id, reason));
  }

  @Mutation(() => Voucher, { description: 'Gives a voucher up for good.' })
  async cancelVoucher(
    @Arg('id', () => ID) id: string,
    @Arg('reason', () => String) reason: string,
    @Ctx() context: Context,
  ): Promise<Voucher> {
    return voucherView(await context.hub.vouchers.cancel(context.actor, id, reason));
  }

  @FieldResolver(() => VoucherStatus)
  async status(@Root() voucher: Voucher, @Ctx() context: Context): Promise<keyof typeof VoucherStatus> {
    return (await voucherState(context, voucher)).shown;
  }

  @FieldResolver(() => DateTime, { nullable: true })
  async validFrom(@Root() voucher: Voucher, @Ctx() context: Context): Promise<string | null> {
    return instantOf((await voucherState(context, voucher)).validFrom);
  }

  @FieldResolver(() => DateTime, { nullable: true, description: 'Exclusive.' })
  async validUntil(@Root() voucher: Voucher, @Ctx() context: Context): Promise<string | null> {
    return instantOf((await voucherState(context, voucher)).validUntil);
  }

  @FieldResolver(() => Money, {
    nullable: true,
    description: 'What is left on a gift card, that which holds have set aside included; null where it carries no balance.',
  })
  async balance(@Root() voucher: Voucher, @Ctx() context: Context): Promise<Money | null> {
    const { balance } = await voucherState(context, voucher);
    return balance && money(balance.left, balance.currency);
  }

  @FieldResolver(() => Money, {
    nullable: true,
    description: 'How much of the balance holds have set aside: balance less balanceHeld can be paid with now. null for PUBLIC keys.',
  })
  async balanceHeld(@Root() voucher: Voucher, @Ctx() context: Context): Promise<Money | null> {
    if (isPublic(context.actor)) return null;
    const { balance } = await voucherState(context, voucher);
    return balance && money(balance.held, balance.currency);
  }

  @FieldResolver(() => Campaign, { nullable: true })
  async campaign(@Root() voucher: Voucher, @Ctx() context: Context): Promise<Campaign | null> {
    const record = await context.loaders.campaign(voucher.campaignId);
    return record && campaignView(context, record);
  }

  @FieldResolver(() => Customer, { nullable: true, description: 'Whom it was given to.' })
  async customer(@Root() voucher: Voucher, @Ctx() context: Context): Promise<Customer | null> {
    if (isPublic(context.actor) || context.actor.role === 'PARTNER') return null;
    const { customerId } = await voucherState(context, voucher);
    return customerId === null ? null : context.loaders.customer(customerId);
  }

  @FieldResolver(() => RedemptionConnection, { nullable: true, description: 'TILL keys: those of their stores.' })
  async redemptions(
    @Root() voucher: Voucher,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
    @Ctx() context: Context,
  ): Promise<Connection<Redemption> | null> {
    if (isPublic(context.actor)) return null;
    return connectionView(await context.hub.lists.redemptionsOf(context.actor, voucher.place, pageRequest(first, after)), redemptionView);
  }
}
