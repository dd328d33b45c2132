import { types } from '@mikro-orm/core';
import { Entity, Index, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import type { Failure, Plain } from '@valehub/connector-kit';
import { bigInteger, instant, json, text } from '../../database/columns.ts';
import type { JobStatus, MessageState } from './connection.types.ts';

/** One thing to be done at a platform, once. */
@Entity({ tableName: 'outbox_job' })
@Unique({ properties: ['connectionId', 'verb', 'key'] })
@Index({ properties: ['runId'] })
@Index({ properties: ['connectionId', 'id'] })
@Index({ name: 'outbox_job_due', properties: ['nextAt', 'id'], where: "status in ('PENDING', 'RUNNING')" })
@Index({ name: 'outbox_job_kept', properties: ['connectionId'], where: "status = 'PARKED'" })
export class OutboxJob {
  @PrimaryKey(text())
  id!: string;

  @Property(text())
  connectionId!: string;

  /** A role's verb (`messages.send`) or a connector's own action (`actions.<name>`). */
  @Property(text())
  verb!: string;

  /** The caller's key: the same verb and key again are the same job. */
  @Property(text())
  key!: string;

  /** The platform's location that it concerns. */
  @Property({ ...text(), nullable: true })
  location!: string | null;

  @Property(json())
  input!: Plain;

  @Property(text())
  status!: JobStatus;

  /** Attempts that count against the limit; waiting for a rate limit is none. */
  @Property({ type: types.integer, default: 0 })
  attempts!: number;

  @Property(instant())
  nextAt!: Date;

  @Property({ type: types.integer, nullable: true })
  owner!: number | null;

  /** An earlier attempt may have been done by the platform. */
  @Property({ type: types.boolean, default: false })
  inDoubt!: boolean;

  /** Where the verb goes on, when it said so. */
  @Property({ ...json(), nullable: true })
  state!: Plain;

  @Property({ ...json(), nullable: true })
  outcome!: Plain;

  @Property({ ...json(), nullable: true })
  failure!: Failure | null;

  /** The newest report of the platform about a message, and when. */
  @Property({ ...text(), nullable: true })
  messageState!: MessageState | null;

  @Property({ ...instant(), nullable: true })
  messageStateAt!: Date | null;

  @Property({ ...text(), nullable: true })
  runId!: string | null;

  @Property({ ...text(), nullable: true })
  stepId!: string | null;

  @Property({ ...text(), nullable: true })
  customerId!: string | null;

  @Property({ ...text(), nullable: true })
  storeId!: string | null;

  @Property(instant())
  createdAt!: Date;

  @Property(instant())
  updatedAt!: Date;

  @Property({ ...instant(), nullable: true })
  settledAt!: Date | null;
}

/** How far a limit of calls is used up, for all processes: the instant (epoch ms) at which it is whole again. */
@Entity({ tableName: 'call_budget' })
export class CallBudget {
  /** connection, limit and what it is counted for */
  @PrimaryKey(text())
  key!: string;

  @Property({ type: bigInteger })
  wholeAt!: number;
}
