import { types } from '@mikro-orm/core';
import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { bigInteger, instant, json, text } from '../../database/columns.ts';
import type { StepDetail, StepFailure, StepKind, WorkflowRunStatus, WorkflowStepStatus } from './workflow.types.ts';

/** One event that met the trigger and the filter of one version. Its id follows from the three, so that an event read twice is one run. */
@Entity({ tableName: 'workflow_run' })
@Index({ properties: ['workflowId', 'eventPosition'] })
@Index({
  name: 'workflow_run_undispatched',
  expression: (_columns, table, name) => `create index "${name}" on ${table.toString()} (event_position, id) where dispatched_at is null`,
})
export class WorkflowRun {
  @PrimaryKey(text())
  id!: string;

  @Property(text())
  workflowId!: string;

  @Property({ type: types.integer })
  version!: number;

  @Property(text())
  status!: WorkflowRunStatus;

  @Property({ type: bigInteger })
  eventPosition!: number;

  /** The event's own time: with the position it finds the event in its partition. */
  @Property(instant())
  eventAt!: Date;

  @Property(instant())
  startedAt!: Date;

  /** When Temporal took it over; null = it is still to be started. */
  @Property({ ...instant(), nullable: true })
  dispatchedAt!: Date | null;

  @Property({ ...instant(), nullable: true })
  settledAt!: Date | null;

  @Property({ ...json(), nullable: true })
  failure!: StepFailure | null;
}

/** A step that a run has begun or skipped. */
@Entity({ tableName: 'workflow_step' })
export class WorkflowStep {
  @PrimaryKey(text())
  runId!: string;

  @PrimaryKey(text())
  stepId!: string;

  /** Place in the order in which they were begun, from 1. */
  @Property({ type: types.integer })
  place!: number;

  @Property(text())
  kind!: StepKind;

  @Property(text())
  status!: WorkflowStepStatus;

  @Property({ ...json(), nullable: true })
  detail!: StepDetail | null;

  /** What the step reckons from, however often it is tried. */
  @Property(instant())
  beganAt!: Date;

  @Property(instant())
  at!: Date;
}
