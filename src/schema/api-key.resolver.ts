import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import { CreateApiKeyInput } from './api-key.inputs.ts';
import { ApiKey, CreatedApiKey } from './api-key.results.ts';
import type { Context } from './context.ts';

/** A day: long enough to bring the new secret to every till. */
const DEFAULT_OVERLAP_S = 86_400;

@Resolver(() => ApiKey)
export class ApiKeyResolver {
  @Query(() => [ApiKey], { description: 'All keys, the revoked ones too, newest first.' })
  async apiKeys(@Ctx() context: Context): Promise<readonly ApiKey[]> {
    return context.hub.keys.list();
  }

  @Mutation(() => CreatedApiKey, { description: 'The secret is shown in this answer only.' })
  async createApiKey(@Arg('input', () => CreateApiKeyInput) input: CreateApiKeyInput, @Ctx() context: Context): Promise<CreatedApiKey> {
    const { key, secret } = await context.hub.keys.create(context.actor, input);
    return { apiKey: key, secret };
  }

  @Mutation(() => CreatedApiKey, {
    description:
      'A new secret for the same key, shown in this answer only. The one before it opens for `overlapSeconds` more (0 to 2,592,000; 0: it ends at once), the one before that no longer; sockets opened with it close when it ends. CONFLICT where the key was revoked.',
  })
  async rotateApiKey(
    @Arg('id', () => ID) id: string,
    @Arg('overlapSeconds', () => Int, { nullable: true, defaultValue: DEFAULT_OVERLAP_S }) overlapSeconds: number | null,
    @Ctx() context: Context,
  ): Promise<CreatedApiKey> {
    const { key, secret } = await context.hub.keys.rotate(context.actor, id, overlapSeconds ?? DEFAULT_OVERLAP_S);
    return { apiKey: key, secret };
  }

  @Mutation(() => ApiKey, { description: 'At once and for good; its open sockets close within 5 seconds.' })
  async revokeApiKey(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<ApiKey> {
    return context.hub.keys.revoke(context.actor, id);
  }
}
