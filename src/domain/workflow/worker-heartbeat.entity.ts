import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { instant, text } from '../../database/columns.ts';

/** A workflow worker that is connected to Temporal and takes tasks; it renews its row every few seconds. */
@Entity({ tableName: 'worker_heartbeat' })
export class WorkerHeartbeat {
  @PrimaryKey(text())
  id!: string;

  @Property(text())
  taskQueue!: string;

  @Property(instant())
  startedAt!: Date;

  @Property(instant())
  seenAt!: Date;
}
