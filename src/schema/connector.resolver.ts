import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { ConnectInput, UpdateConnectionInput } from './connector.inputs.ts';
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

  @Mutation(() => ConnectedPlatform, {
    description:
      'Tests it like connect. When the test call passes, everything that waited for a person is worked again: orders of a location that had no store, messages that were parked. The webhook address stays.',
  })
  async updateConnection(
    @Arg('id', () => ID) id: string,
    @Arg('input', () => UpdateConnectionInput) input: UpdateConnectionInput,
    @Ctx() context: Context,
  ): Promise<ConnectedPlatform> {
    return connectionRecordView(context, await context.services.connectors.update(context.actor, id, input));
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
