import { types } from '@mikro-orm/core';
import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { bigInteger, instant, json, text } from '../../database/columns.ts';
import type { Step, Trigger } from './definition.schema.ts';
import type { WorkflowStatus } from './workflow.types.ts';

@Entity({ tableName: 'workflow' })
@Index({ properties: ['createdAt', 'id'] })
export class Workflow {
  @PrimaryKey(text())
  id!: string;

  @Property(text())
  name!: string;

  @Property(text())
  status!: WorkflowStatus;

  /** The version that new entries take. */
  @Property({ type: types.integer })
  version!: number;

  /** Where the ledger stood at the first activation: only later events enter. null = never active yet. */
  @Property({ type: bigInteger, nullable: true })
  activeFrom!: number | null;

  @Property(instant())
  createdAt!: Date;
}

/** A definition as checked, defaults filled in. Never changed: runs under way go by it. */
@Entity({ tableName: 'workflow_version' })
export class WorkflowVersion {
  @PrimaryKey(text())
  workflowId!: string;

  @PrimaryKey({ type: types.integer })
  version!: number;

  @Property(json())
  trigger!: Trigger;

  @Property({ ...text(), nullable: true })
  filter!: string | null;

  @Property(json())
  steps!: readonly Step[];

  /** The steps as they were handed in, to be shown as such. */
  @Property(json())
  stepsGiven!: unknown;

  @Property(instant())
  createdAt!: Date;
}
