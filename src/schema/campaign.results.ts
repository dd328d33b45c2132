import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Limit, Stacking } from './campaign-terms.results.ts';
import { Conditions } from './conditions.results.ts';
import { connectionOf } from './connection.results.ts';
import { CampaignStatus, Distribution, ReversalPolicy, TaxClass } from './enums.ts';
import { FundingShare } from './funding.results.ts';
import { Incentive } from './incentive.results.ts';
import { Issuance } from './issuance.results.ts';
import { Money } from './money.results.ts';
import { Currency, JSONValue, LocalDate, SafeInt } from './scalars.ts';

@ObjectType({ description: 'What a campaign may give in all, true at once.', simpleResolvers: true })
export class Budget {
  @Field(() => Money)
  total!: Money;

  @Field(() => Money, { description: 'Given, net of reversals.' })
  used!: Money;

  @Field(() => Money, { description: 'Set aside by holds.' })
  held!: Money;

  @Field(() => Money, { description: 'total less used and held; never below 0.' })
  left!: Money;
}

@ObjectType({ description: 'How often what happened, true at once.', simpleResolvers: true })
export class CampaignCounts {
  @Field(() => SafeInt, { description: 'Codes made.' })
  codes!: number;

  @Field(() => SafeInt, { description: 'Vouchers given to customers.' })
  issued!: number;

  @Field(() => SafeInt, { description: 'Redemptions, those reversed later among them.' })
  redeemed!: number;

  @Field(() => SafeInt, { description: 'Redemptions of which nothing is left.' })
  reversed!: number;

  @Field(() => SafeInt, { description: 'Refused redeems and holds; a repeated answer counts once.' })
  rejected!: number;
}

@ObjectType({
  description:
    'Why vouchers exist. What was put in reads back in the same shape. TILL, PARTNER and PUBLIC keys see id, name and status; the rest is null.',
  simpleResolvers: true,
})
export class Campaign {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => CampaignStatus)
  status!: keyof typeof CampaignStatus;

  @Field(() => Int, { nullable: true, description: 'Goes up with each change.' })
  version!: number | null;

  @Field(() => Currency, { nullable: true, description: 'That of its money values, else of its stores.' })
  currency!: string | null;

  @Field(() => LocalDate, { nullable: true })
  startsOn!: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Inclusive.' })
  endsOn!: string | null;

  @Field(() => Incentive, { nullable: true })
  incentive!: Incentive | null;

  @Field(() => Conditions, { nullable: true })
  conditions!: Conditions | null;

  @Field(() => [Limit], { nullable: true })
  limits!: readonly Limit[] | null;

  @Field(() => Stacking, { nullable: true })
  stacking!: Stacking | null;

  @Field(() => Distribution, { nullable: true })
  distribution!: keyof typeof Distribution | null;

  @Field(() => TaxClass, { nullable: true })
  taxClass!: keyof typeof TaxClass | null;

  @Field(() => ReversalPolicy, { nullable: true })
  reversalPolicy!: keyof typeof ReversalPolicy | null;

  @Field(() => Issuance, { nullable: true, description: 'null where no order earns its vouchers.' })
  issuance!: Issuance | null;

  @Field(() => [FundingShare], {
    nullable: true,
    description: 'Who pays for what it gives. Empty: its main campaign says so, else the house alone.',
  })
  funding!: readonly FundingShare[] | null;

  @Field(() => JSONValue, { nullable: true })
  metadata!: unknown;

  /** The caller may not see more than id, name and status. */
  masked!: boolean;
  parentId!: string | null;
  storeIds!: readonly string[] | null;
  budgetTotal!: number | null;
}

export const CampaignConnection = connectionOf('Campaign', () => Campaign);
