import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { CreateCampaignInput } from './campaign.inputs.ts';
import { campaignDraft, campaignPatch } from './campaign.parse.ts';
import { Budget, Campaign, CampaignConnection, CampaignCounts } from './campaign.results.ts';
import { budgetView, campaignView, versionView } from './campaign.views.ts';
import { CloneCampaignInput, UpdateCampaignInput } from './campaign-change.inputs.ts';
import { CampaignVersion, CampaignVersionConnection } from './campaign-version.results.ts';
import type { Connection } from './connection.results.ts';
import { connectionView } from './connection.views.ts';
import type { Context } from './context.ts';
import { CampaignFilter } from './list.inputs.ts';
import { pageRequest } from './pages.ts';
import { LimitUse } from './rejection.results.ts';
import { Store } from './store.results.ts';
import { seesCampaign } from './visibility.ts';

@Resolver(() => Campaign)
export class CampaignResolver {
  @Query(() => Campaign, { nullable: true, description: 'null where there is none that the caller may see.' })
  async campaign(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<Campaign | null> {
    const record = await context.hub.campaigns.get(id);
    return record && seesCampaign(context.actor, record) ? campaignView(context, record) : null;
  }

  @Query(() => CampaignConnection, { description: 'Newest first. TILL keys: the active ones.' })
  async campaigns(
    @Arg('filter', () => CampaignFilter, { nullable: true }) filter: CampaignFilter | null | undefined,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
    @Ctx() context: Context,
  ): Promise<Connection<Campaign>> {
    const page = await context.hub.lists.campaigns(context.actor, filter ?? null, pageRequest(first, after));
    return connectionView(page, (record) => campaignView(context, record));
  }

  @Mutation(() => Campaign, { description: 'As a DRAFT: nothing is redeemed before it is activated.' })
  async createCampaign(@Arg('input', () => CreateCampaignInput) input: CreateCampaignInput, @Ctx() context: Context): Promise<Campaign> {
    return campaignView(context, await context.hub.campaigns.create(context.actor, campaignDraft(input)));
  }

  @Mutation(() => Campaign, { description: 'ACTIVE, or SCHEDULED where its first day is still to come.' })
  async activateCampaign(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<Campaign> {
    return campaignView(context, await context.hub.campaigns.activate(context.actor, id));
  }

  @Mutation(() => Campaign, { description: 'Until it is activated again.' })
  async pauseCampaign(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<Campaign> {
    return campaignView(context, await context.hub.campaigns.pause(context.actor, id));
  }

  @Mutation(() => Campaign, { description: 'For good.' })
  async endCampaign(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<Campaign> {
    return campaignView(context, await context.hub.campaigns.end(context.actor, id));
  }

  @Mutation(() => Campaign, {
    description:
      'Vouchers that are issued keep what was promised with them (incentive, conditions, stores, dates, stacking, tax class, reversal policy, limits per VOUCHER), unless applyToIssued.',
  })
  async updateCampaign(
    @Arg('id', () => ID) id: string,
    @Arg('input', () => UpdateCampaignInput) input: UpdateCampaignInput,
    @Arg('applyToIssued', () => Boolean, { nullable: true, defaultValue: false }) applyToIssued: boolean | null,
    @Arg('expectedVersion', () => Int, { nullable: true, description: 'CONFLICT where it is at another: somebody changed it since.' })
    expectedVersion: number | null | undefined,
    @Ctx() context: Context,
  ): Promise<Campaign> {
    const options = { applyToIssued: applyToIssued ?? false, expectedVersion: expectedVersion ?? null };
    return campaignView(context, await context.hub.campaigns.update(context.actor, id, campaignPatch(input), options));
  }

  @Mutation(() => Campaign, { description: 'Puts away a draft or one that has ended. Lists still show it: filter by status.' })
  async archiveCampaign(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<Campaign> {
    return campaignView(context, await context.hub.campaigns.archive(context.actor, id));
  }

  @Mutation(() => Campaign, { description: 'Its terms as a new DRAFT; codes are not copied.' })
  async cloneCampaign(
    @Arg('id', () => ID) id: string,
    @Arg('input', () => CloneCampaignInput) input: CloneCampaignInput,
    @Ctx() context: Context,
  ): Promise<Campaign> {
    const wanted = { ...input, withSubs: input.withSubs ?? false };
    return campaignView(context, await context.hub.campaigns.copy(context.actor, id, wanted));
  }

  @Query(() => CampaignVersion, { nullable: true, description: 'A campaign as it was in one version.' })
  async campaignVersion(
    @Arg('id', () => ID) id: string,
    @Arg('version', () => Int) version: number,
    @Ctx() context: Context,
  ): Promise<CampaignVersion | null> {
    const record = await context.hub.campaigns.version(id, version);
    return record && versionView(record);
  }

  @FieldResolver(() => CampaignVersionConnection, { nullable: true, description: 'Newest first.' })
  async versions(
    @Root() campaign: Campaign,
    @Arg('first', () => Int, { nullable: true, defaultValue: 20 }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
    @Ctx() context: Context,
  ): Promise<Connection<CampaignVersion> | null> {
    if (campaign.masked) return null;
    return connectionView(await context.hub.campaigns.versions(campaign.id, pageRequest(first, after, 20)), versionView);
  }

  @FieldResolver(() => [LimitUse], {
    nullable: true,
    description: 'How full those of its limits are that bind it as a whole (per CAMPAIGN and MAIN_CAMPAIGN), in the period of now.',
  })
  async limitUses(@Root() campaign: Campaign, @Ctx() context: Context): Promise<LimitUse[] | null> {
    return campaign.masked ? null : context.loaders.limitUses(campaign.id);
  }

  @FieldResolver(() => Campaign, { nullable: true, description: 'The main campaign.' })
  async parent(@Root() campaign: Campaign, @Ctx() context: Context): Promise<Campaign | null> {
    const record = campaign.parentId === null ? null : await context.loaders.campaign(campaign.parentId);
    return record && campaignView(context, record);
  }

  @FieldResolver(() => [Store], { nullable: true, description: 'Where it holds; null: in all stores.' })
  async stores(@Root() campaign: Campaign, @Ctx() context: Context): Promise<Store[] | null> {
    const stores = campaign.storeIds && (await Promise.all(campaign.storeIds.map((id) => context.hub.stores.get(id))));
    return stores?.filter((store) => store !== null) ?? null;
  }

  @FieldResolver(() => Budget, { nullable: true, description: 'null where it has none.' })
  async budget(@Root() campaign: Campaign, @Ctx() context: Context): Promise<Budget | null> {
    const { id, budgetTotal, currency } = campaign;
    return budgetTotal === null || currency === null ? null : budgetView(budgetTotal, await context.loaders.budgetUse(id), currency);
  }

  @FieldResolver(() => CampaignCounts, { nullable: true })
  async counts(@Root() campaign: Campaign, @Ctx() context: Context): Promise<CampaignCounts | null> {
    return campaign.masked ? null : context.loaders.campaignCounts(campaign.id);
  }
}
