import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import { CreateAppInput, KEEP_REPLACED_KEYS_S, UpdateAppInput } from './app.inputs.ts';
import { App } from './connector.results.ts';
import { appView } from './connector.views.ts';
import type { Context } from './context.ts';
import { UnclaimedAccount } from './platform.results.ts';

@Resolver(() => App)
export class AppDeskResolver {
  @Mutation(() => App, {
    description:
      'Settings are checked by the connector’s appSchema; BAD_USER_INPUT with paths under input.settings, and at input.connectorId where the connector knows no apps.',
  })
  async createApp(@Arg('input', () => CreateAppInput) input: CreateAppInput, @Ctx() context: Context): Promise<App> {
    return appView(context, await context.services.links.apps.create(context.actor, input));
  }

  @Mutation(() => App, {
    description:
      'Changes it for all its connections. Those that wait for a person are tested anew within moments. CONFLICT where somebody else changed it at the same time.',
  })
  async updateApp(
    @Arg('id', () => ID) id: string,
    @Arg('input', () => UpdateAppInput) input: UpdateAppInput,
    @Ctx() context: Context,
  ): Promise<App> {
    const keepReplacedKeysSeconds = input.keepReplacedKeysSeconds ?? KEEP_REPLACED_KEYS_S;
    return appView(context, await context.services.links.apps.update(context.actor, id, { ...input, keepReplacedKeysSeconds }));
  }

  @FieldResolver(() => [UnclaimedAccount], {
    nullable: true,
    description:
      'Accounts whose events came to the App’s address and that nobody has connected, the newest first, at most 100. Connecting one has its events worked. ADMIN keys only.',
  })
  async unclaimed(@Root() app: App, @Ctx() context: Context): Promise<readonly UnclaimedAccount[] | null> {
    return context.actor.role === 'ADMIN' ? context.services.links.apps.unclaimed(app.id) : null;
  }
}
