import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { WorkflowRunRecord } from '../domain/workflow/workflow.types.ts';
import { type Connection, emptyConnection } from './connection.results.ts';
import { connectionView } from './connection.views.ts';
import type { Context } from './context.ts';
import { pageRequest } from './pages.ts';
import { WorkflowInput } from './workflow.inputs.ts';
import { Workflow, WorkflowConnection, WorkflowRun, WorkflowRunConnection } from './workflow.results.ts';
import { followWorkflowRuns } from './workflow-subscription.ts';

@Resolver(() => Workflow)
export class WorkflowResolver {
  @Query(() => WorkflowConnection, { description: 'Newest first. TILL keys: the active ones.' })
  async workflows(
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
    @Ctx() context: Context,
  ): Promise<Connection<Workflow>> {
    const request = pageRequest(first, after);
    if (context.actor.role === 'PARTNER') return emptyConnection();
    const page = connectionView(await context.services.workflows.list(request), (record) => record);
    if (context.actor.role === 'TILL') page.edges = page.edges.filter(({ node }) => node.status === 'ACTIVE');
    return page;
  }

  @Mutation(() => Workflow, { description: 'As a DRAFT. A faulty definition is BAD_USER_INPUT with all faults and their paths.' })
  async createWorkflow(@Arg('input', () => WorkflowInput) input: WorkflowInput, @Ctx() context: Context): Promise<Workflow> {
    const { name, trigger, filter, steps } = input;
    return context.services.workflows.create(context.actor, { name, trigger, filter: filter ?? null, steps });
  }

  @Mutation(() => Workflow, {
    description: 'A new version: new entries take it at once, runs under way stay on theirs. Faults are told as by createWorkflow.',
  })
  async updateWorkflow(
    @Arg('id', () => ID) id: string,
    @Arg('input', () => WorkflowInput) input: WorkflowInput,
    @Ctx() context: Context,
  ): Promise<Workflow> {
    const { name, trigger, filter, steps } = input;
    return context.services.workflows.update(context.actor, id, { name, trigger, filter: filter ?? null, steps });
  }

  @Mutation(() => Workflow, { description: 'Events from now on start runs, and so does what was held back while it was paused.' })
  async activateWorkflow(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<Workflow> {
    return context.services.workflows.activate(context.actor, id);
  }

  @Mutation(() => Workflow, { description: 'New entries are held back until it is activated again; runs under way go on.' })
  async pauseWorkflow(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<Workflow> {
    return context.services.workflows.pause(context.actor, id);
  }

  @FieldResolver(() => WorkflowRunConnection)
  async runs(
    @Root() workflow: Workflow,
    @Arg('first', () => Int, { nullable: true, defaultValue: 20 }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
    @Ctx() context: Context,
  ): Promise<Connection<WorkflowRun>> {
    const request = pageRequest(first, after, 20);
    if (context.actor.role === 'TILL') return emptyConnection();
    return connectionView(await context.services.workflows.runs(workflow.id, request), (record) => record);
  }

  @Subscription(() => WorkflowRun, {
    name: 'workflowRuns',
    description: 'Each run whenever it moves: of one workflow, or of all.',
    subscribe: followWorkflowRuns,
  })
  workflowRunChanges(
    @Root() record: WorkflowRunRecord,
    @Arg('workflowId', () => ID, { nullable: true }) _workflowId: string | null | undefined,
  ): WorkflowRun {
    return record;
  }
}

@Resolver(() => WorkflowRun)
export class WorkflowRunResolver {
  @FieldResolver(() => Workflow)
  async workflow(@Root() run: WorkflowRun, @Ctx() context: Context): Promise<Workflow | null> {
    return context.loaders.workflow(run.workflowId);
  }
}
