import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { ConnectedPlatform } from './connector.results.ts';
import type { Context } from './context.ts';
import { StartBackfillInput } from './feed.inputs.ts';
import { Backfill, Feed } from './feed.results.ts';

@Resolver(() => ConnectedPlatform)
export class FeedResolver {
  @FieldResolver(() => [Feed], {
    description: 'What is read at intervals, by name and location; empty where the platform tells everything by itself.',
  })
  feeds(@Root() connection: ConnectedPlatform, @Ctx() context: Context): Promise<readonly Feed[]> {
    return context.loaders.feeds(connection.id);
  }
}

@Resolver(() => Backfill)
export class BackfillResolver {
  @Query(() => Backfill, { nullable: true, description: 'How a back-fill fares.' })
  backfill(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<Backfill | null> {
    return context.services.backfills.backfill(id);
  }

  @Query(() => [Backfill], { description: 'Of a connection, newest first; the newest hundred.' })
  backfills(@Arg('connectionId', () => ID) connectionId: string, @Ctx() context: Context): Promise<readonly Backfill[]> {
    return context.services.backfills.backfills(connectionId);
  }

  @Mutation(() => Backfill, {
    description:
      'Has the past of a connection read, window by window, behind all that is of today and with at most half of what the platform lets the hub ask. What is known already changes nothing, and nothing is taken back. One at a time for each connection: CONFLICT.',
  })
  startBackfill(@Arg('input', () => StartBackfillInput) input: StartBackfillInput, @Ctx() context: Context): Promise<Backfill> {
    const { connectionId, days, from, to, feeds } = input;
    const draft = { connectionId, days: days ?? null, from: from ?? null, to: to ?? null, feeds: feeds ?? null };
    return context.services.backfills.start(context.actor, draft);
  }

  @Mutation(() => Backfill, { description: 'Ends it; what was read stays. One that has ended already stays as it ended.' })
  cancelBackfill(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<Backfill> {
    return context.services.backfills.cancel(context.actor, id);
  }
}
