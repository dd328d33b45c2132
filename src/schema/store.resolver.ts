import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { Context } from './context.ts';
import { CreateStoreInput, UpdateStoreInput } from './store.inputs.ts';
import { Store } from './store.results.ts';

@Resolver(() => Store)
export class StoreResolver {
  @Query(() => [Store], { description: 'All stores, the oldest first.' })
  async stores(@Ctx() context: Context): Promise<readonly Store[]> {
    return context.hub.stores.list();
  }

  @Mutation(() => Store)
  async createStore(@Arg('input', () => CreateStoreInput) input: CreateStoreInput, @Ctx() context: Context): Promise<Store> {
    return context.hub.stores.create(context.actor, input);
  }

  @Mutation(() => Store)
  async updateStore(
    @Arg('id', () => ID) id: string,
    @Arg('input', () => UpdateStoreInput) input: UpdateStoreInput,
    @Ctx() context: Context,
  ): Promise<Store> {
    return context.hub.stores.update(context.actor, id, input);
  }
}
