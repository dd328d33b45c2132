import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { CreateApiKeyInput } from './api-key.inputs.ts';
import { ApiKey, CreatedApiKey } from './api-key.results.ts';
import type { Context } from './context.ts';

@Resolver(() => ApiKey)
export class ApiKeyResolver {
  @Query(() => [ApiKey], { description: 'All keys, the revoked ones too, newest first.' })
  async apiKeys(@Ctx() context: Context): Promise<readonly ApiKey[]> {
    return context.hub.keys.list();
  }

  @Mutation(() => CreatedApiKey, { description: 'The secret is shown in this answer only.' })
  async createApiKey(@Arg('input', () => CreateApiKeyInput) input: CreateApiKeyInput, @Ctx() context: Context): Promise<CreatedApiKey> {
    const { key, secret } = await context.hub.keys.create(input);
    return { apiKey: key, secret };
  }

  @Mutation(() => ApiKey, { description: 'At once and for good; its open sockets close within 5 seconds.' })
  async revokeApiKey(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<ApiKey> {
    return context.hub.keys.revoke(id);
  }
}
