import { type ClassType, Field, ObjectType } from 'type-graphql';

@ObjectType({ description: 'Where a page of a list begins and ends.', simpleResolvers: true })
export class PageInfo {
  @Field(() => Boolean, { description: 'More follows: ask again with endCursor as `after`.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Something comes before: `after` was given and known.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true })
  startCursor!: string | null;

  @Field(() => String, { nullable: true })
  endCursor!: string | null;
}

export interface Connection<N> {
  edges: { cursor: string; node: N }[];
  pageInfo: PageInfo;
}

/** The Relay connection type of a node type, with its edge type. */
export function connectionOf<N extends object>(name: string, node: () => ClassType<N>): ClassType<Connection<N>> {
  @ObjectType(`${name}Edge`, { simpleResolvers: true })
  class Edge {
    @Field(() => String, { description: 'The place in the list; opaque, good as `after`.' })
    cursor!: string;

    @Field(node)
    node!: N;
  }

  @ObjectType(`${name}Connection`, { description: `A page of the list, newest first, then by id.`, simpleResolvers: true })
  class ConnectionType {
    @Field(() => [Edge])
    edges!: Edge[];

    @Field(() => PageInfo)
    pageInfo!: PageInfo;
  }

  return ConnectionType;
}

export function emptyConnection<N>(): Connection<N> {
  return { edges: [], pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null } };
}
