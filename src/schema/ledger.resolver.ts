import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { LedgerEventRecord } from '../domain/ledger/ledger.types.ts';
import type { Context } from './context.ts';
import { LedgerFilter, RecordEventInput } from './ledger.inputs.ts';
import { eventCommand } from './ledger.parse.ts';
import { LedgerEvent, LedgerPage } from './ledger.results.ts';
import { ledgerEventView } from './ledger.views.ts';
import { followLedger } from './ledger-subscription.ts';
import { pageRequest } from './pages.ts';
import { Store } from './store.results.ts';

@Resolver(() => LedgerEvent)
export class LedgerResolver {
  @Query(() => LedgerPage, {
    description: 'The book from the start, or after a cursor, oldest first. `first` 0 to 1,000; an unknown cursor is BAD_USER_INPUT.',
  })
  async ledger(
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
    @Arg('first', () => Int, { nullable: true, defaultValue: 100 }) first: number | null,
    @Arg('filter', () => LedgerFilter, { nullable: true }) filter: LedgerFilter | null | undefined,
    @Ctx() context: Context,
  ): Promise<LedgerPage> {
    const page = await context.hub.ledger.page(after ?? null, pageRequest(first, null, 100).first, filter ?? null, context.actor);
    return { events: page.events.map(ledgerEventView), endCursor: page.endCursor, hasMore: page.hasMore };
  }

  @Mutation(() => LedgerEvent, {
    description: 'Puts an event of the caller’s own into the book, for workflows to listen to. Answers once it is in.',
  })
  async recordEvent(@Arg('input', () => RecordEventInput) input: RecordEventInput, @Ctx() context: Context): Promise<LedgerEvent> {
    const event = ledgerEventView(await context.hub.events.record(context.actor, eventCommand(input)));
    // Customers are no business of connectors, not even which of them an address belongs to.
    return context.actor.role === 'CONNECTOR' ? { ...event, customerId: null } : event;
  }

  @Subscription(() => LedgerEvent, {
    name: 'ledger',
    description: 'Everything after the cursor, then live, each event once and in order. Without a cursor: live from now.',
    subscribe: followLedger,
  })
  ledgerEvents(
    @Root() record: LedgerEventRecord,
    @Arg('after', () => String, { nullable: true }) _after: string | null | undefined,
    @Arg('filter', () => LedgerFilter, { nullable: true }) _filter: LedgerFilter | null | undefined,
  ): LedgerEvent {
    return ledgerEventView(record);
  }

  @FieldResolver(() => Store, { nullable: true })
  store(@Root() event: LedgerEvent, @Ctx() context: Context): Store | null | Promise<Store | null> {
    return event.storeId === null ? null : (context.hub.stores.terms(event.storeId) ?? context.hub.stores.get(event.storeId));
  }
}
