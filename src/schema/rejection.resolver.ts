import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { Campaign } from './campaign.results.ts';
import { campaignView } from './campaign.views.ts';
import type { Connection } from './connection.results.ts';
import { connectionView } from './connection.views.ts';
import { type Context, isPublic } from './context.ts';
import { RejectionFilter } from './list.inputs.ts';
import { pageRequest } from './pages.ts';
import { RejectionConnection } from './redemption.results.ts';
import { Rejection } from './rejection.results.ts';
import { rejectionView } from './rejection.views.ts';
import { Store } from './store.results.ts';

@Resolver(() => Rejection)
export class RejectionResolver {
  @Query(() => RejectionConnection, {
    description: 'Refused redeems, holds, reversals and issues, newest first. TILL keys: those of their stores.',
  })
  async rejections(
    @Arg('filter', () => RejectionFilter, { nullable: true }) filter: RejectionFilter | null | undefined,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
    @Ctx() context: Context,
  ): Promise<Connection<Rejection>> {
    const page = await context.hub.lists.rejections(context.actor, filter ?? null, pageRequest(first, after));
    return connectionView(page, (record) => rejectionView(context, record));
  }

  @FieldResolver(() => Store, { nullable: true, description: 'null for PUBLIC keys.' })
  async store(@Root() { record }: Rejection, @Ctx() context: Context): Promise<Store | null> {
    return record.storeId === null || isPublic(context.actor) ? null : context.hub.stores.get(record.storeId);
  }

  @FieldResolver(() => Campaign, { nullable: true, description: 'null for PUBLIC keys.' })
  async campaign(@Root() { record }: Rejection, @Ctx() context: Context): Promise<Campaign | null> {
    const found = record.campaignId === null || isPublic(context.actor) ? null : await context.loaders.campaign(record.campaignId);
    return found && campaignView(context, found);
  }
}
