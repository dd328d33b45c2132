import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { ForwardingRecord } from '../domain/connection/forwarding.types.ts';
import { ConnectedPlatform } from './connector.results.ts';
import { connectionRecordView } from './connector.views.ts';
import type { Context } from './context.ts';
import { CreateForwardingInput, UpdateForwardingInput } from './forwarding.inputs.ts';
import { Forwarding } from './forwarding.results.ts';

@Resolver(() => Forwarding)
export class ForwardingResolver {
  @Query(() => [Forwarding], { description: 'What goes to platforms by itself; of one connection, or of all.' })
  async forwardings(
    @Arg('connectionId', () => ID, { nullable: true }) connectionId: string | null,
    @Ctx() context: Context,
  ): Promise<Forwarding[]> {
    return (await context.services.forwardings.list(connectionId ?? null)).map(view);
  }

  @Mutation(() => Forwarding, {
    description: 'From then on each such event goes out once. Several go out side by side; each carries its position in the ledger.',
  })
  async createForwarding(
    @Arg('input', () => CreateForwardingInput) input: CreateForwardingInput,
    @Ctx() context: Context,
  ): Promise<Forwarding> {
    const draft = {
      connectionId: input.connectionId,
      verb: input.verb,
      events: input.events,
      filter: input.filter ?? null,
      settings: input.settings ?? {},
      fromStart: input.fromStart ?? false,
    };
    return view(await context.services.forwardings.create(context.actor, draft));
  }

  @Mutation(() => Forwarding)
  async updateForwarding(
    @Arg('id', () => ID) id: string,
    @Arg('input', () => UpdateForwardingInput) input: UpdateForwardingInput,
    @Ctx() context: Context,
  ): Promise<Forwarding> {
    const patch = {
      events: input.events ?? undefined,
      filter: input.filter,
      settings: input.settings ?? undefined,
      paused: input.paused ?? undefined,
    };
    return view(await context.services.forwardings.update(context.actor, id, patch));
  }

  @Mutation(() => Boolean, { description: 'What is in the outbox already still goes out.' })
  deleteForwarding(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<boolean> {
    return context.services.forwardings.remove(context.actor, id);
  }

  @FieldResolver(() => ConnectedPlatform)
  async connection(@Root() forwarding: Forwarding, @Ctx() context: Context): Promise<ConnectedPlatform> {
    const record = await context.services.connectors.connection(forwarding.connectionId);
    if (record === null) throw new Error(`The connection ${forwarding.connectionId} of a forwarding is gone.`);
    return connectionRecordView(context, record);
  }
}

const view = ({ position: _, ...record }: ForwardingRecord): Forwarding => ({ ...record, events: record.events as Forwarding['events'] });
