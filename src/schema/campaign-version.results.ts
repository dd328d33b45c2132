import { Field, Int, ObjectType } from 'type-graphql';
import { Limit, Stacking } from './campaign-terms.results.ts';
import { Conditions } from './conditions.results.ts';
import { connectionOf } from './connection.results.ts';
import { CampaignStatus, Distribution, ReversalPolicy, TaxClass } from './enums.ts';
import { FundingShare } from './funding.results.ts';
import { Incentive } from './incentive.results.ts';
import { Issuance } from './issuance.results.ts';
import { Money } from './money.results.ts';
import { Currency, DateTime, JSONValue, LocalDate } from './scalars.ts';

@ObjectType({ description: 'The terms of a campaign as they were in one version, in the shape of Campaign.', simpleResolvers: true })
export class CampaignTerms {
  @Field(() => String)
  name!: string;

  @Field(() => CampaignStatus, { description: 'As it was last decided; the calendar does not write versions.' })
  status!: keyof typeof CampaignStatus;

  @Field(() => [String], { nullable: true, description: 'Ids of the stores where it held; null: in all stores.' })
  storeIds!: readonly string[] | null;

  @Field(() => Currency, { nullable: true })
  currency!: string | null;

  @Field(() => LocalDate, { nullable: true })
  startsOn!: string | null;

  @Field(() => LocalDate, { nullable: true })
  endsOn!: string | null;

  @Field(() => Incentive, { nullable: true })
  incentive!: Incentive | null;

  @Field(() => Conditions)
  conditions!: Conditions;

  @Field(() => [Limit])
  limits!: readonly Limit[];

  @Field(() => Money, { nullable: true })
  budget!: Money | null;

  @Field(() => Stacking)
  stacking!: Stacking;

  @Field(() => Distribution)
  distribution!: keyof typeof Distribution;

  @Field(() => TaxClass)
  taxClass!: keyof typeof TaxClass;

  @Field(() => ReversalPolicy)
  reversalPolicy!: keyof typeof ReversalPolicy;

  @Field(() => Issuance, { nullable: true })
  issuance!: Issuance | null;

  @Field(() => [FundingShare])
  funding!: readonly FundingShare[];

  @Field(() => JSONValue, { nullable: true })
  metadata!: unknown;
}

@ObjectType({ description: 'One version of a campaign; every change writes one.', simpleResolvers: true })
export class CampaignVersion {
  @Field(() => Int)
  version!: number;

  @Field(() => DateTime)
  at!: string;

  @Field(() => String, { nullable: true, description: 'The API key that changed it; null before that was kept.' })
  actorId!: string | null;

  @Field(() => [String], {
    description: 'The members that differ from the version before; `main`: terms of its main campaign. Empty where nothing was before it.',
  })
  changes!: readonly string[];

  @Field(() => CampaignTerms)
  content!: CampaignTerms;
}

export const CampaignVersionConnection = connectionOf('CampaignVersion', () => CampaignVersion);
