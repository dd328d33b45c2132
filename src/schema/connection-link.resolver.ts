import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { notFound } from '../domain/shared/errors.ts';
import { ConnectedPlatform } from './connector.results.ts';
import { connectionRecordView } from './connector.views.ts';
import type { Context } from './context.ts';
import { Authorization, PlatformLocation, SettingChoice } from './platform.results.ts';
import { Store } from './store.results.ts';
import { storeOf } from './store.views.ts';

@Resolver(() => ConnectedPlatform)
export class ConnectionLinkResolver {
  @Mutation(() => Authorization, {
    description:
      'Gives the address at the platform where a person agrees to the connection; good once, for 15 minutes. They come back to /oauth/callback of the hub, which says how it went. BAD_USER_INPUT where nobody has to agree, CONFLICT where a setting is missing that the address is made of.',
  })
  async authorizeConnection(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<Authorization> {
    return context.services.links.authorizations.begin(context.actor, id);
  }

  @Mutation(() => ConnectedPlatform, {
    description:
      'Says which of its `accounts` a connection is, and tests it. For a further one connect anew with `grantOf`. BAD_USER_INPUT where it is none of them, CONFLICT where the connection is another one already.',
  })
  async chooseAccount(
    @Arg('connectionId', () => ID) connectionId: string,
    @Arg('account', () => String) account: string,
    @Ctx() context: Context,
  ): Promise<ConnectedPlatform> {
    await context.services.links.accounts.choose(context.actor, connectionId, account);
    return viewOf(context, connectionId);
  }

  @Mutation(() => ConnectedPlatform, {
    description:
      'For good: nothing is taken from the platform or done there any more. Subscriptions there are removed, the log-in is given back where no other connection uses it, and its secrets are destroyed; orders, redemptions and the ledger stay. Where the platform is away it is asked again for a day; `lastError` says what is left to do by hand. CONFLICT where it was disconnected already.',
  })
  async disconnect(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<ConnectedPlatform> {
    await context.services.links.disconnection.disconnect(context.actor, id);
    return viewOf(context, id);
  }

  @Query(() => [SettingChoice], {
    description:
      'The live values of a setting whose schema names `choices`, asked of the platform now. CONFLICT where the credentials are not good for it, UNAVAILABLE where the platform does not answer, NOT_FOUND where the connector has none of that name.',
  })
  async connectionChoices(
    @Arg('connectionId', () => ID) connectionId: string,
    @Arg('name', () => String) name: string,
    @Ctx() context: Context,
  ): Promise<readonly SettingChoice[]> {
    return context.services.links.platforms.choices(context.actor, connectionId, name);
  }

  @Query(() => [PlatformLocation], {
    description:
      'The locations of the account, asked of the platform now, with the stores that settings.locations says they are. Errors as with connectionChoices.',
  })
  async platformLocations(
    @Arg('connectionId', () => ID) connectionId: string,
    @Ctx() context: Context,
  ): Promise<readonly PlatformLocation[]> {
    return context.services.links.platforms.locations(context.actor, connectionId);
  }
}

@Resolver(() => PlatformLocation)
export class PlatformLocationResolver {
  @FieldResolver(() => Store, {
    nullable: true,
    description: 'Null where nobody has said which it is: its orders are kept and not booked.',
  })
  store(@Root() { storeId }: PlatformLocation, @Ctx() context: Context): Store | Promise<Store> | null {
    return storeId === null ? null : storeOf(context, storeId);
  }
}

async function viewOf(context: Context, id: string): Promise<ConnectedPlatform> {
  const record = await context.services.connectors.connection(id);
  if (record === null) throw notFound('connection', id);
  return connectionRecordView(context, record);
}
