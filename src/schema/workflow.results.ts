import { Field, ID, Int, ObjectType } from 'type-graphql';
import { connectionOf } from './connection.results.ts';
import { WorkflowRunStatus, WorkflowStatus, WorkflowStepStatus } from './enums.ts';
import { DateTime, JSONValue } from './scalars.ts';

@ObjectType({
  description: 'A definition: what starts it and what it does. A run stays on the version it began with.',
  simpleResolvers: true,
})
export class Workflow {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => Int)
  version!: number;

  @Field(() => WorkflowStatus)
  status!: keyof typeof WorkflowStatus;

  @Field(() => JSONValue)
  trigger!: unknown;

  @Field(() => String, { nullable: true })
  filter!: string | null;

  @Field(() => JSONValue)
  steps!: unknown;
}

@ObjectType({ description: 'Where one step of a run stands. Steps are listed once they were begun or skipped.', simpleResolvers: true })
export class WorkflowStepState {
  @Field(() => String, { description: 'The id the definition gave the step.' })
  stepId!: string;

  @Field(() => String, { description: 'wait, allocate, deliver, branch or call.' })
  kind!: string;

  @Field(() => WorkflowStepStatus)
  status!: keyof typeof WorkflowStepStatus;

  @Field(() => JSONValue, { nullable: true })
  detail!: unknown;

  @Field(() => DateTime, { nullable: true })
  at!: string | null;
}

@ObjectType({ description: 'One play of a workflow.', simpleResolvers: true })
export class WorkflowRun {
  @Field(() => ID)
  id!: string;

  @Field(() => Int)
  version!: number;

  @Field(() => WorkflowRunStatus)
  status!: keyof typeof WorkflowRunStatus;

  @Field(() => DateTime)
  startedAt!: string;

  @Field(() => [WorkflowStepState])
  steps!: readonly WorkflowStepState[];

  workflowId!: string;
}

export const WorkflowConnection = connectionOf('Workflow', () => Workflow);
export const WorkflowRunConnection = connectionOf('WorkflowRun', () => WorkflowRun);
