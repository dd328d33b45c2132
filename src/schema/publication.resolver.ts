import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Campaign } from './campaign.results.ts';
import { campaignView } from './campaign.views.ts';
import { ConnectedPlatform } from './connector.results.ts';
import { connectionRecordView } from './connector.views.ts';
import type { Context } from './context.ts';
import { ProductInput } from './publication.inputs.ts';
import { MappedProduct, OnLoss, Publication, PublicationPlan } from './publication.results.ts';

@Resolver(() => Publication)
export class PublicationResolver {
  @Query(() => PublicationPlan, {
    description:
      'The loss report: what the platform would keep of the campaign, what it would not, what the hub would see to. Nothing is sent.',
  })
  async planPublication(
    @Arg('campaignId', () => ID) campaignId: string,
    @Arg('connectionId', () => ID) connectionId: string,
    @Ctx() context: Context,
  ): Promise<PublicationPlan> {
    const { losses, publication, codes } = await context.services.publications.plan(campaignId, connectionId);
    return { possible: publication !== null, losses, codes };
  }

  @Query(() => [Publication], { description: 'Of one campaign, or of all.' })
  publications(
    @Arg('campaignId', () => ID, { nullable: true }) campaignId: string | null,
    @Ctx() context: Context,
  ): Promise<readonly Publication[]> {
    return context.services.publications.list(campaignId ?? null);
  }

  @Query(() => [MappedProduct], { description: 'By sku.' })
  mappedProducts(@Arg('connectionId', () => ID) connectionId: string, @Ctx() context: Context): Promise<readonly MappedProduct[]> {
    return context.services.publications.products(connectionId);
  }

  @Mutation(() => Publication, {
    description:
      'Publishes a campaign at a platform with its codes, or what has changed of it since. CONFLICT with the losses where more would be lost than onLoss allows. A campaign that pauses or ends is withdrawn by itself.',
  })
  publishCampaign(
    @Arg('campaignId', () => ID) campaignId: string,
    @Arg('connectionId', () => ID) connectionId: string,
    @Arg('onLoss', () => OnLoss, { nullable: true, defaultValue: OnLoss.REFUSE }) onLoss: keyof typeof OnLoss | null,
    @Ctx() context: Context,
  ): Promise<Publication> {
    return context.services.publications.publish(context.actor, campaignId, connectionId, onLoss ?? 'REFUSE');
  }

  @Mutation(() => Publication, { description: 'Takes it from the platform. What was sold by it there stays in the books.' })
  withdrawCampaign(
    @Arg('campaignId', () => ID) campaignId: string,
    @Arg('connectionId', () => ID) connectionId: string,
    @Ctx() context: Context,
  ): Promise<Publication> {
    return context.services.publications.withdraw(context.actor, campaignId, connectionId);
  }

  @Mutation(() => Int, {
    description:
      'Says which articles of the platform are which of the hub’s: for its orders on the way in and campaigns on the way out. Gives how many were put in.',
  })
  mapProducts(
    @Arg('connectionId', () => ID) connectionId: string,
    @Arg('products', () => [ProductInput]) products: ProductInput[],
    @Ctx() context: Context,
  ): Promise<number> {
    const drafts = products.map(({ externalId, sku, group, brand }) => ({
      externalId,
      sku: sku ?? null,
      group: group ?? null,
      brand: brand ?? null,
    }));
    return context.services.publications.mapProducts(context.actor, connectionId, drafts);
  }

  @FieldResolver(() => Campaign)
  async campaign(@Root() { campaignId }: Publication, @Ctx() context: Context): Promise<Campaign> {
    const [record] = await context.hub.campaigns.byIds([campaignId]);
    if (!record) throw new Error(`The campaign ${campaignId} of a publication is gone.`);
    return campaignView(context, record);
  }

  @FieldResolver(() => ConnectedPlatform)
  async connection(@Root() { connectionId }: Publication, @Ctx() context: Context): Promise<ConnectedPlatform> {
    const record = await context.services.connectors.connection(connectionId);
    if (record === null) throw new Error(`The connection ${connectionId} of a publication is gone.`);
    return connectionRecordView(context, record);
  }
}
