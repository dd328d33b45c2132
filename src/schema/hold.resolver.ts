import { Arg, Ctx, ID, Int, Mutation, Resolver } from 'type-graphql';
import type { HoldAnswer } from '../domain/redemption/redemption.types.ts';
import type { Context } from './context.ts';
import { Hold } from './hold.results.ts';
import { HoldInput } from './redemption.inputs.ts';
import { holdCommand } from './redemption.parse.ts';
import { type Held, HoldResult, type Named, type Refused } from './redemption.results.ts';
import { holdView, refusedView } from './redemption.views.ts';

type HoldOutcome = (Held & Named<'Held'>) | (Refused & Named<'Refused'>);

@Resolver(() => Hold)
export class HoldResolver {
  @Mutation(() => HoldResult, {
    description: 'Sets aside all that the vouchers would take, for a while. A new hold for the same order replaces the earlier one.',
  })
  async hold(@Arg('input', () => HoldInput) input: HoldInput, @Ctx() context: Context): Promise<HoldOutcome> {
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

  @Mutation(() => Hold, { description: 'Gives everything back at once. One that is over already stays as it is.' })
  async releaseHold(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<Hold> {
    return holdView(await context.hub.desk.releaseHold(context.actor, id));
  }
}

function outcome(context: Context, answer: HoldAnswer): HoldOutcome {
  if (answer.kind === 'refused') return refusedView(context, answer);
  return { __typename: 'Held', hold: holdView(answer.hold), replayed: answer.replayed };
}
