import { Field, ID, InputType } from 'type-graphql';
import { Role } from './enums.ts';

@InputType({ description: 'A key of this API: whose it is, what it may do, and where.' })
export class CreateApiKeyInput {
  @Field(() => String)
  name!: string;

  @Field(() => Role)
  role!: keyof typeof Role;

  @Field(() => [ID], { nullable: true, description: 'The stores it is for; a TILL key must name them, for the others left out means all.' })
  storeIds?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'For CONNECTOR: its connection.' })
  connectionId?: string | null;

  @Field(() => ID, { nullable: true, description: 'For PARTNER: its partner.' })
  partnerId?: string | null;
}
