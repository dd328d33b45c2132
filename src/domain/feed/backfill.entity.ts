import { Entity, Index, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { instant, text, textArray } from '../../database/columns.ts';
import type { BackfillState } from './feed.types.ts';

/** What an administrator has asked to be read of the past; its parts are readings. One at a time for each connection. */
@Entity({ tableName: 'backfill' })
@Unique({ name: 'backfill_running', properties: ['connectionId'], where: "state = 'RUNNING'" })
@Index({ properties: ['connectionId', 'createdAt'] })
export class Backfill {
  @PrimaryKey(text())
  id!: string;

  @Property(text())
  connectionId!: string;

  @Property(textArray())
  feeds!: string[];

  @Property(instant())
  fromAt!: Date;

  @Property(instant())
  toAt!: Date;

  @Property(text())
  state!: BackfillState;

  @Property(instant())
  createdAt!: Date;

  @Property({ ...instant(), nullable: true })
  endedAt!: Date | null;
}
