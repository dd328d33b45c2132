import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { KEEP_REPLACED_KEYS_S } from './app.inputs.ts';
import { ConnectInput, UpdateConnectionInput } from './connector.inputs.ts';
import { App, ConnectedPlatform, Connector } from './connector.results.ts';
import { appView, connectionRecordView, connectorOf } from './connector.views.ts';
import type { Context } from './context.ts';

@Resolver(() => Connector)
export class ConnectorResolver {
  @Query(() => [Connector], { description: 'The plugins that are installed.' })
  connectors(@Ctx() context: Context): readonly Connector[] {
    return context.services.connectors.connectors();
  }

  @Query(() => [App], { description: 'Developer apps, the oldest first.' })
  async apps(@Ctx() context: Context): Promise<App[]> {
    return (await context.services.links.apps.apps()).map((record) => appView(context, record));
  }

  @Query(() => [ConnectedPlatform], {
    description:
      'The oldest first; MARKETING and ACCOUNTING keys see names and health, CONNECTOR keys their own. Those that were disconnected are left out unless asked for.',
  })
  async connections(
    @Arg('includeDisconnected', () => Boolean, { nullable: true, defaultValue: false }) includeDisconnected: boolean | null,
    @Ctx() context: Context,
  ): Promise<ConnectedPlatform[]> {
    const { actor, services } = context;
    const all = await services.connectors.connections(includeDisconnected ?? false);
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
      grantOf: input.grantOf ?? null,
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
    const keepReplacedKeysSeconds = input.keepReplacedKeysSeconds ?? KEEP_REPLACED_KEYS_S;
    return connectionRecordView(
      context,
      await context.services.connectors.update(context.actor, id, { ...input, keepReplacedKeysSeconds }),
    );
  }
}

@Resolver(() => ConnectedPlatform)
export class ConnectedPlatformResolver {
  @FieldResolver(() => Connector)
  connector(@Root() connection: ConnectedPlatform, @Ctx() context: Context): Connector {
    return connectorOf(context, connection.connectorId);
  }

  @FieldResolver(() => App, { nullable: true, description: 'The developer app that it belongs to.' })
  async app(@Root() { appId }: ConnectedPlatform, @Ctx() context: Context): Promise<App | null> {
    const app = appId === null ? null : await context.loaders.app(appId);
    return app && appView(context, app);
  }
}

@Resolver(() => App)
export class AppResolver {
  @FieldResolver(() => Connector)
  connector(@Root() app: App, @Ctx() context: Context): Connector {
    return connectorOf(context, app.connectorId);
  }
}
