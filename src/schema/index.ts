import 'reflect-metadata';
import { GraphQLInputObjectType, type GraphQLSchema, isUnionType } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { noteAccess } from './access-notes.ts';
import { ApiKeyResolver } from './api-key.resolver.ts';
import { AppDeskResolver } from './app.resolver.ts';
import { AuditResolver } from './audit.resolver.ts';
import { CampaignResolver } from './campaign.resolver.ts';
import { CheckResolver } from './check.resolver.ts';
import { CodeResolver } from './code.resolver.ts';
import { ConnectionLinkResolver, PlatformLocationResolver } from './connection-link.resolver.ts';
import { AppResolver, ConnectedPlatformResolver, ConnectorResolver } from './connector.resolver.ts';
import { CustomerResolver } from './customer.resolver.ts';
import { useDirectResolvers } from './direct-resolvers.ts';
import { ExplainedVoucherResolver, ExplanationResolver } from './explanation.resolver.ts';
import { BackfillResolver, FeedResolver } from './feed.resolver.ts';
import { ForwardingResolver } from './forwarding.resolver.ts';
import { HeldVoucherResolver, HoldResolver } from './hold.resolver.ts';
import { LedgerResolver } from './ledger.resolver.ts';
import { OrderResolver } from './order.resolver.ts';
import { PublicationResolver } from './publication.resolver.ts';
import { ApplicableResolver, RedemptionResolver, ReversalResolver } from './redemption.resolver.ts';
import { RefundResolver } from './refund.resolver.ts';
import { RejectionResolver } from './rejection.resolver.ts';
import { SegmentResolver } from './segment.resolver.ts';
import { StoreResolver } from './store.resolver.ts';
import { TrafficResolver } from './traffic.resolver.ts';
import { VoucherResolver } from './voucher.resolver.ts';
import { VoucherOriginResolver } from './voucher-origin.resolver.ts';
import { WorkflowResolver, WorkflowRunResolver } from './workflow.resolver.ts';

/** Input types of which exactly one field is given; type-graphql has no option for it. */
const ONE_OF = ['IncentiveInput'];

export function buildApiSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      StoreResolver,
      CustomerResolver,
      SegmentResolver,
      CampaignResolver,
      CodeResolver,
      VoucherResolver,
      VoucherOriginResolver,
      OrderResolver,
      RefundResolver,
      RedemptionResolver,
      ApplicableResolver,
      ReversalResolver,
      HoldResolver,
      HeldVoucherResolver,
      RejectionResolver,
      ExplanationResolver,
      ExplainedVoucherResolver,
      LedgerResolver,
      ApiKeyResolver,
      AuditResolver,
      ConnectorResolver,
      ConnectedPlatformResolver,
      ConnectionLinkResolver,
      PlatformLocationResolver,
      AppResolver,
      AppDeskResolver,
      FeedResolver,
      BackfillResolver,
      ForwardingResolver,
      PublicationResolver,
      TrafficResolver,
      CheckResolver,
      WorkflowResolver,
      WorkflowRunResolver,
    ],
    validate: false,
    pubSub: NO_TOPICS,
  });
  for (const name of ONE_OF) {
    const type = schema.getType(name);
    if (!(type instanceof GraphQLInputObjectType)) throw new Error(`${name} is no input type.`);
    type.isOneOf = true;
  }
  for (const type of Object.values(schema.getTypeMap())) if (isUnionType(type)) type.resolveType = nameOf;
  noteAccess(schema);
  useDirectResolvers(schema);
  return schema;
}

/** type-graphql's own answers by a promise, which graphql-jit does not wait for. Every member of a union carries its name. */
const nameOf = (value: { readonly __typename: string }): string => value.__typename;

/** type-graphql asks for one wherever there are subscriptions; ours bring their own sources. */
const NO_TOPICS = {
  publish: () => undefined,
  subscribe(topic: string): never {
    throw new Error(`Nothing is published under ${topic}.`);
  },
};
