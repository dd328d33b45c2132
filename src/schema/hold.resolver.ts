import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { HoldAnswer } from '../domain/redemption/redemption.types.ts';
import type { Connection } from './connection.results.ts';
import { connectionView } from './connection.views.ts';
import type { Context } from './context.ts';
import { ReleaseReason } from './enums.ts';
import { HeldVoucher, Hold, HoldConnection } from './hold.results.ts';
import { holdView } from './hold.views.ts';
import { HoldFilter } from './list.inputs.ts';
import { pageRequest } from './pages.ts';
import { HoldInput } from './redemption.inputs.ts';
import { holdCommand } from './redemption.parse.ts';
import { type Held, HoldResult, type Named, type Refused } from './redemption.results.ts';
import { refusedView } from './redemption.views.ts';
import { Store } from './store.results.ts';
import { storeOf } from './store.views.ts';
import { Voucher } from './voucher.results.ts';
import { voucherLink } from './voucher.views.ts';

type HoldOutcome = (Held & Named<'Held'>) | (Refused & Named<'Refused'>);

@Resolver(() => Hold)
export class HoldResolver {
  @Mutation(() => HoldResult, {
    name: 'hold',
    description: 'Sets aside all that the vouchers would take, for a while. A new hold for the same order replaces the earlier one.',
  })
  async setAside(@Arg('input', () => HoldInput) input: HoldInput, @Ctx() context: Context): Promise<HoldOutcome> {
    return outcome(context, await context.hub.desk.hold(context.actor, holdCommand(input)));
  }

  @Mutation(() => HoldResult, { description: 'Expires so many seconds from now (1 to 3,600), at most 4 hours after the hold began.' })
  async extendHold(
    @Arg('id', () => ID) id: string,
    @Arg('ttlSeconds', () => Int) ttlSeconds: number,
    @Ctx() context: Context,
  ): Promise<HoldOutcome> {
    return outcome(context, await context.hub.desk.extendHold(context.actor, id, ttlSeconds));
  }

  @Mutation(() => Hold, {
    description: 'Gives everything back at once, as when the payment failed. One that is over already stays as it is.',
  })
  async releaseHold(
    @Arg('id', () => ID) id: string,
    @Arg('reason', () => ReleaseReason, { nullable: true, description: 'Kept in the ledger with HOLD_RELEASED.' })
    reason: keyof typeof ReleaseReason | null | undefined,
    @Ctx() context: Context,
  ): Promise<Hold> {
    return holdView(await context.hub.desk.releaseHold(context.actor, id, reason));
  }

  @Query(() => Hold, { nullable: true, description: 'null where there is none; TILL keys: of their stores.' })
  async hold(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<Hold | null> {
    const record = await context.hub.lists.hold(context.actor, id);
    return record && holdView(record);
  }

  @Query(() => HoldConnection, { description: 'Who has set what aside, and until when. Newest first. TILL keys: those of their stores.' })
  async holds(
    @Arg('filter', () => HoldFilter, { nullable: true }) filter: HoldFilter | null | undefined,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
    @Ctx() context: Context,
  ): Promise<Connection<Hold>> {
    return connectionView(await context.hub.lists.holds(context.actor, filter ?? null, pageRequest(first, after)), holdView);
  }

  @FieldResolver(() => Store)
  store(@Root() hold: Hold, @Ctx() context: Context): Store | Promise<Store> {
    return storeOf(context, hold.storeId);
  }
}

@Resolver(() => HeldVoucher)
export class HeldVoucherResolver {
  @FieldResolver(() => Voucher)
  voucher(@Root() held: HeldVoucher, @Ctx() context: Context): Voucher {
    return voucherLink(context, held.place, held.code, held.campaignId);
  }
}

function outcome(context: Context, answer: HoldAnswer): HoldOutcome {
  if (answer.kind === 'refused') return refusedView(context, answer);
  return { __typename: 'Held', hold: holdView(answer.hold), replayed: answer.replayed };
}
