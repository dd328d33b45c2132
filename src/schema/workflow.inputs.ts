import { Field, InputType } from 'type-graphql';
import { JSONValue } from './scalars.ts';

@InputType({ description: 'A definition by the JSON Schema at /schemas/workflow.json. All its faults are told at once, with their paths.' })
export class WorkflowInput {
  @Field(() => String)
  name!: string;

  @Field(() => JSONValue, { description: 'What starts a run: {"on": "VOUCHER_REDEEMED"}.' })
  trigger!: unknown;

  @Field(() => String, {
    nullable: true,
    description: 'CEL over event, voucher, campaign, customer, store and order; a run starts only where it is true.',
  })
  filter?: string | null;

  @Field(() => JSONValue, { description: 'A list; each step has an id and one thing to do.' })
  steps!: unknown;
}
