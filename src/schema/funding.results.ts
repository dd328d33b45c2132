import { Field, ObjectType } from 'type-graphql';
import type { FundingShare as Share } from '../domain/campaign/campaign.types.ts';
import type { FundedAmount as Funded } from '../domain/campaign/funding.ts';
import { Funder } from './enums.ts';
import { Money, money } from './money.results.ts';
import { Decimal } from './scalars.ts';

@ObjectType({ description: 'What one party bears of all that the campaign gives.', simpleResolvers: true })
export class FundingShare {
  @Field(() => Funder)
  by!: keyof typeof Funder;

  @Field(() => String, { nullable: true })
  name!: string | null;

  @Field(() => Decimal)
  percent!: string;
}

@ObjectType({ description: 'What one party bears of one amount. The parties’ amounts are the whole, to the cent.', simpleResolvers: true })
export class FundedAmount {
  @Field(() => Funder)
  by!: keyof typeof Funder;

  @Field(() => String, { nullable: true })
  name!: string | null;

  @Field(() => Decimal)
  percent!: string;

  @Field(() => Money)
  amount!: Money;
}

export const fundingViews = (shares: readonly Share[]): FundingShare[] =>
  shares.map(({ by, name, percent }) => ({ by, name: name ?? null, percent }));

export const fundedViews = (shares: readonly Funded[], currency: string): FundedAmount[] =>
  shares.map(({ amount, ...share }) => ({ ...share, amount: money(amount, currency) }));
