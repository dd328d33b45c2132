import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { ConnectInput } from './connector.inputs.ts';
import { App, ConnectedPlatform, Connector } from './connector.results.ts';
import { connectionRecordView, connectorOf } from './connector.views.ts';
import type { Context } from './context.ts';

@Resolver(() => Connector)
export class ConnectorResolver {
  @Query(() => [Connector], { description: 'The plugins that are installed.' })
  connectors(@Ctx() context: Context): readonly Connector[] {
    return context.services.connectors.connectors();
  }

  @Query(() => [App], { description: 'Developer apps. None yet: they come with App URLs.' })
  apps(): readonly App[] {
    return [];
  }

  @Query(() => [ConnectedPlatform], { description: 'MARKETING and ACCOUNTING keys see names and health; CONNECTOR keys their own.' })
  async connections(@Ctx() context: Context): Promise<ConnectedPlatform[]> {
    const { actor, services } = context;
    const all = await services.connectors.connections();
    return all
      .filter(({ id }) => actor.role !== 'CONNECTOR' || id === actor.connectionId)
      .map((record) => connectionRecordView(context, record));
  }

  @Mutation(() => ConnectedPlatform, {
    description:
      'Settings are checked by the plugin’s schema, then by a test call. Where only the call fails, the connection is kept as NEEDS_ATTENTION.',
  })
  async connect(@Arg('input', () => ConnectInput) input: ConnectInput, @Ctx() context: Context): Promise<ConnectedPlatform> {
    const draft = {
      connectorId: input.connectorId,
      appId: input.appId ?? null,
      name: input.name,
      storeId: input.storeId ?? null,
      settings: input.settings,
    };
    return connectionRecordView(context, await context.services.connectors.connect(context.actor, draft));
  }
}

@Resolver(() => ConnectedPlatform)
export class ConnectedPlatformResolver {
  @FieldResolver(() => Connector)
  connector(@Root() connection: ConnectedPlatform, @Ctx() context: Context): Connector {
    return connectorOf(context, connection.connectorId);
  }
}

@Resolver(() => App)
export class AppResolver {
  @FieldResolver(() => Connector)
  connector(@Root() app: App, @Ctx() context: Context): Connector {
    return connectorOf(context, app.connectorId);
  }
}
