import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { fundedBack, fundedBy } from '../domain/campaign/funding.ts';
import type { Connection } from './connection.results.ts';
import { connectionView } from './connection.views.ts';
import { type Context, seesMaskedCampaigns } from './context.ts';
import { FundedAmount, fundedViews } from './funding.results.ts';
import { RedemptionFilter } from './list.inputs.ts';
import { Allocation } from './order.results.ts';
import { allocationViews, pricedView } from './order.views.ts';
import { pageRequest } from './pages.ts';
import { RedeemInput, ReverseInput, ValidateInput } from './redemption.inputs.ts';
import { redeemCommand, reverseCommand, validateCommand } from './redemption.parse.ts';
import {
  Applicable,
  type Named,
  type Redeemed,
  RedeemResult,
  Redemption,
  RedemptionConnection,
  type Refused,
  Reversal,
  type Reversed,
  ReverseResult,
  Validation,
} from './redemption.results.ts';
import { redemptionView, refusedView, reversalView, validationView } from './redemption.views.ts';
import { Store } from './store.results.ts';
import { storeOf } from './store.views.ts';
import { Voucher } from './voucher.results.ts';
import { voucherLink } from './voucher.views.ts';

@Resolver(() => Redemption)
export class RedemptionResolver {
  @Query(() => Validation, { description: 'May these codes be used on this basket, and what would they give? Only refusals are noted.' })
  async validate(@Arg('input', () => ValidateInput) input: ValidateInput, @Ctx() context: Context): Promise<Validation> {
    return validationView(context, await context.services.attempts.validate(context.caller, validateCommand(input)));
  }

  @Mutation(() => RedeemResult, { description: 'Uses vouchers on an order: all of them or none.' })
  async redeem(
    @Arg('input', () => RedeemInput) input: RedeemInput,
    @Ctx() context: Context,
  ): Promise<(Redeemed & Named<'Redeemed'>) | (Refused & Named<'Refused'>)> {
    const answer = await context.hub.desk.redeem(context.actor, redeemCommand(input));
    if (answer.kind === 'refused') return refusedView(context, answer);
    return {
      __typename: 'Redeemed',
      redemptions: answer.redemptions.map(redemptionView),
      order: pricedView(answer.priced),
      replayed: answer.replayed,
    };
  }

  @Mutation(() => ReverseResult, { description: 'Takes a redemption back: whole, by unit or by amount.' })
  async reverse(
    @Arg('input', () => ReverseInput) input: ReverseInput,
    @Ctx() context: Context,
  ): Promise<(Reversed & Named<'Reversed'>) | (Refused & Named<'Refused'>)> {
    const answer = await context.hub.desk.reverse(context.actor, reverseCommand(input));
    if (answer.kind === 'refused') return refusedView(context, answer);
    return { __typename: 'Reversed', reversals: answer.reversals.map(reversalView), replayed: answer.replayed };
  }

  @Query(() => RedemptionConnection, { description: 'Newest first. TILL keys: those of their stores.' })
  async redemptions(
    @Arg('filter', () => RedemptionFilter, { nullable: true }) filter: RedemptionFilter | null | undefined,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
    @Ctx() context: Context,
  ): Promise<Connection<Redemption>> {
    return connectionView(await context.hub.lists.redemptions(context.actor, filter ?? null, pageRequest(first, after)), redemptionView);
  }

  @FieldResolver(() => Voucher)
  voucher(@Root() redemption: Redemption, @Ctx() context: Context): Voucher {
    return voucherLink(context, redemption.place, redemption.code, redemption.campaignId);
  }

  @FieldResolver(() => Store)
  store(@Root() redemption: Redemption, @Ctx() context: Context): Store | Promise<Store> {
    return storeOf(context, redemption.storeId);
  }

  @FieldResolver(() => [Allocation], { description: 'The shares that the discount fell into; none for a tender.' })
  async allocations(@Root() redemption: Redemption, @Ctx() context: Context): Promise<readonly Allocation[]> {
    return redemption.shares ?? allocationViews(await context.loaders.allocations(redemption.id), redemption.amount.currency);
  }

  @FieldResolver(() => [FundedAmount], {
    nullable: true,
    description: 'Who pays how much of it, by the shares of its campaign at that moment. TILL and PARTNER keys: null.',
  })
  async funding(@Root() redemption: Redemption, @Ctx() context: Context): Promise<FundedAmount[] | null> {
    if (seesMaskedCampaigns(context.actor)) return null;
    const { campaignId: id, campaignVersion: version, amount } = redemption;
    return fundedViews(fundedBy(await context.loaders.funding({ id, version }), amount.minor), amount.currency);
  }

  @FieldResolver(() => [Reversal], { description: 'What was taken back of it, the oldest first.' })
  async reversals(@Root() redemption: Redemption, @Ctx() context: Context): Promise<Reversal[]> {
    return (await context.loaders.reversals(redemption.id)).map(reversalView);
  }
}

@Resolver(() => Applicable)
export class ApplicableResolver {
  @FieldResolver(() => Voucher)
  voucher(@Root() applicable: Applicable, @Ctx() context: Context): Voucher {
    return voucherLink(context, applicable.place, applicable.code, applicable.campaignId);
  }
}

@Resolver(() => Reversal)
export class ReversalResolver {
  @FieldResolver(() => [FundedAmount], {
    nullable: true,
    description:
      'Who gets how much of it back. All reversals of a redemption together give back exactly what each paid. TILL and PARTNER keys: null.',
  })
  async funding(@Root() reversal: Reversal, @Ctx() context: Context): Promise<FundedAmount[] | null> {
    if (seesMaskedCampaigns(context.actor)) return null;
    const redemption = await context.loaders.redemption(reversal.redemptionId);
    if (!redemption) return null;
    const { campaignId: id, campaignVersion: version, amount, currency } = redemption;
    const funding = await context.loaders.funding({ id, version });
    const all = await context.loaders.reversals(reversal.redemptionId);
    const shares = fundedBack(
      funding,
      amount,
      all.map((one) => one.amount),
    );
    return fundedViews(shares[all.findIndex((one) => one.id === reversal.id)] ?? [], currency);
  }

  @FieldResolver(() => Redemption)
  async redemption(@Root() reversal: Reversal, @Ctx() context: Context): Promise<Redemption | null> {
    const record = await context.loaders.redemption(reversal.redemptionId);
    return record && redemptionView(record);
  }

  @FieldResolver(() => Store)
  store(@Root() reversal: Reversal, @Ctx() context: Context): Store | Promise<Store> {
    return storeOf(context, reversal.storeId);
  }

  @FieldResolver(() => Voucher, { description: 'As it stands now.' })
  async voucher(@Root() reversal: Reversal, @Ctx() context: Context): Promise<Voucher | null> {
    const record = await context.loaders.redemption(reversal.redemptionId);
    return record && voucherLink(context, { patternId: record.patternId, index: record.index }, record.code, record.campaignId);
  }
}
