import { Field, InputType } from 'type-graphql';
import type { FundingShare } from '../domain/campaign/campaign.types.ts';
import { Funder } from './enums.ts';
import { Decimal } from './scalars.ts';

@InputType({ description: 'What one party bears of all that the campaign gives. The percentages of a campaign are 100 together.' })
export class FundingShareInput {
  @Field(() => Funder)
  by!: keyof typeof Funder;

  @Field(() => String, { nullable: true, description: 'Which partner or platform.' })
  name?: string | null;

  @Field(() => Decimal, { description: 'Above 0, at most 100, at most 4 decimal places.' })
  percent!: string;
}

export const fundingShares = (input: readonly FundingShareInput[]): FundingShare[] =>
  input.map(({ by, name, percent }) => ({ by, percent, ...(name != null && { name }) }));
