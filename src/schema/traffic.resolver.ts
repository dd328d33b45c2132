import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { DeliveriesOf } from '../domain/connection/traffic.types.ts';
import { badInput } from '../domain/shared/errors.ts';
import type { Connection } from './connection.results.ts';
import { connectionView } from './connection.views.ts';
import { ConnectedPlatform } from './connector.results.ts';
import type { Context } from './context.ts';
import { pageRequest } from './pages.ts';
import { OutboxJobFilter, WebhookDeliveryFilter } from './traffic.inputs.ts';
import {
  ConnectionHealth,
  OutboxJob,
  OutboxJobConnection,
  WebhookDelivery,
  WebhookDeliveryConnection,
  WebhookNotice,
} from './traffic.results.ts';

function oneOf(connectionId: string | null, appId: string | null): DeliveriesOf {
  if (connectionId !== null && appId === null) return { connectionId };
  if (appId !== null && connectionId === null) return { appId };
  throw badInput({ path: 'connectionId', message: 'Give either connectionId or appId, exactly one of them.' });
}

@Resolver(() => ConnectedPlatform)
export class TrafficResolver {
  @Query(() => WebhookDeliveryConnection, {
    description:
      'What a platform sent, as it came, newest first, with what became of it. By exactly one of connectionId and appId: of an App, also what is of accounts that nobody has connected.',
  })
  async webhookDeliveries(
    @Arg('connectionId', () => ID, { nullable: true }) connectionId: string | null | undefined,
    @Arg('appId', () => ID, { nullable: true }) appId: string | null | undefined,
    @Arg('filter', () => WebhookDeliveryFilter, { nullable: true }) filter: WebhookDeliveryFilter | null | undefined,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
    @Ctx() { actor, services }: Context,
  ): Promise<Connection<WebhookDelivery>> {
    return connectionView(
      await services.traffic.deliveries(actor, oneOf(connectionId ?? null, appId ?? null), filter ?? {}, pageRequest(first, after)),
      (record) => record,
    );
  }

  @Query(() => OutboxJobConnection, { description: 'What is and was to be done at a platform, newest first.' })
  async outboxJobs(
    @Arg('connectionId', () => ID) connectionId: string,
    @Arg('filter', () => OutboxJobFilter, { nullable: true }) filter: OutboxJobFilter | null | undefined,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
    @Ctx() { actor, services }: Context,
  ): Promise<Connection<OutboxJob>> {
    return connectionView(await services.traffic.jobs(actor, connectionId, filter ?? {}, pageRequest(first, after)), (record) => record);
  }

  @Mutation(() => [WebhookNotice], {
    description:
      'Works a kept delivery again, whatever became of it. What it says counts once however often it is worked; the hub’s own echo stays ignored.',
  })
  reprocessDelivery(@Arg('id', () => ID) id: string, @Ctx() { actor, services }: Context): Promise<readonly WebhookNotice[]> {
    return services.traffic.reprocess(actor, id);
  }

  @Mutation(() => OutboxJob, {
    description:
      'Tries a parked job again. CONFLICT where the platform may have done it already, unless evenIfDone says that this is known and borne.',
  })
  retryJob(
    @Arg('id', () => ID) id: string,
    @Arg('evenIfDone', () => Boolean, { nullable: true, defaultValue: false }) evenIfDone: boolean | null,
    @Ctx() { actor, services }: Context,
  ): Promise<OutboxJob> {
    return services.traffic.retry(actor, id, evenIfDone ?? false);
  }

  @Mutation(() => OutboxJob, { description: 'Gives a parked job up: a person has seen to it otherwise.' })
  dropJob(@Arg('id', () => ID) id: string, @Ctx() { actor, services }: Context): Promise<OutboxJob> {
    return services.traffic.drop(actor, id);
  }

  @FieldResolver(() => ConnectionHealth, { description: 'What waits, and whether the platform is being left alone.' })
  health(@Root() { id }: ConnectedPlatform, @Ctx() { loaders }: Context): Promise<ConnectionHealth> {
    return loaders.connectionHealth(id);
  }
}
