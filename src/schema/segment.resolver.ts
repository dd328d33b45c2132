import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { SegmentRecord } from '../domain/segment/segment.types.ts';
import { listMembers, listSegments } from '../domain/segment/segment-list.ts';
import { type Connection, emptyConnection } from './connection.results.ts';
import { connectionView } from './connection.views.ts';
import { type Context, seesMaskedCampaigns } from './context.ts';
import type { Customer } from './customer.results.ts';
import { pageRequest } from './pages.ts';
import { SafeInt } from './scalars.ts';
import { CreateSegmentInput, SegmentFilter, UpdateSegmentInput } from './segment.inputs.ts';
import { CustomerConnection, Segment, SegmentConnection } from './segment.results.ts';

@Resolver(() => Segment)
export class SegmentResolver {
  @Query(() => Segment, { nullable: true, description: 'null where there is none that the caller may see.' })
  async segment(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<Segment | null> {
    const record = seesSegments(context) ? await context.hub.segments.get(id) : null;
    return record && segmentView(context, record);
  }

  @Query(() => SegmentConnection, { description: 'Newest first. PARTNER keys: none.' })
  async segments(
    @Arg('filter', () => SegmentFilter, { nullable: true }) filter: SegmentFilter | null | undefined,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
    @Ctx() context: Context,
  ): Promise<Connection<Segment>> {
    if (!seesSegments(context)) return emptyConnection();
    const page = await listSegments(context.hub.database.pool, filter ?? {}, pageRequest(first, after));
    return connectionView(page, (record) => segmentView(context, record));
  }

  @Mutation(() => Segment)
  async createSegment(@Arg('input', () => CreateSegmentInput) input: CreateSegmentInput, @Ctx() context: Context): Promise<Segment> {
    return segmentView(context, await context.hub.segments.create(context.actor, input));
  }

  @Mutation(() => Segment, {
    description: 'Holds for the next decision, whatever was promised: who is in a segment is asked when a voucher is used.',
  })
  async updateSegment(
    @Arg('id', () => ID) id: string,
    @Arg('input', () => UpdateSegmentInput) input: UpdateSegmentInput,
    @Ctx() context: Context,
  ): Promise<Segment> {
    return segmentView(context, await context.hub.segments.update(context.actor, id, input));
  }

  @Mutation(() => Segment, {
    description: 'Lists customers; all of them or, where one is unknown, none. Those who are listed already stay.',
  })
  async addToSegment(
    @Arg('id', () => ID) id: string,
    @Arg('customerIds', () => [ID]) customerIds: string[],
    @Ctx() context: Context,
  ): Promise<Segment> {
    return segmentView(context, await context.hub.segments.add(context.actor, id, customerIds));
  }

  @Mutation(() => Segment, { description: 'Takes customers off the list; those who are not on it change nothing.' })
  async removeFromSegment(
    @Arg('id', () => ID) id: string,
    @Arg('customerIds', () => [ID]) customerIds: string[],
    @Ctx() context: Context,
  ): Promise<Segment> {
    return segmentView(context, await context.hub.segments.remove(context.actor, id, customerIds));
  }

  @FieldResolver(() => SafeInt, { nullable: true, description: 'How many are listed; null where an expression says who.' })
  async size(@Root() segment: Segment, @Ctx() context: Context): Promise<number | null> {
    return segment.masked ? null : context.loaders.segmentSize(segment.id);
  }

  @FieldResolver(() => CustomerConnection, {
    nullable: true,
    description: 'Who is listed, latest first; null where an expression says who.',
  })
  async members(
    @Root() segment: Segment,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
    @Ctx() context: Context,
  ): Promise<Connection<Customer> | null> {
    if (segment.masked || segment.kind === 'DYNAMIC') return null;
    const page = await listMembers(context.hub.database.pool, segment.id, pageRequest(first, after));
    const customers = await Promise.all(page.edges.map(({ node }) => context.loaders.customer(node.id)));
    return {
      edges: page.edges.flatMap(({ cursor }, at) => {
        const node = customers[at];
        return node ? [{ cursor, node }] : [];
      }),
      pageInfo: page.pageInfo,
    };
  }
}

/** None is a partner's own. */
const seesSegments = ({ actor }: Context): boolean => actor.role !== 'PARTNER';

function segmentView(context: Context, { id, name, kind, expression, version }: SegmentRecord): Segment {
  const masked = seesMaskedCampaigns(context.actor);
  return { id, name, kind, expression: masked ? null : expression, version: masked ? null : version, masked };
}
