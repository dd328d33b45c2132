import { types } from '@mikro-orm/core';
import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { bigInteger, instant, json, text, textArray } from '../../database/columns.ts';
import type { PlainRecord } from './connection.types.ts';

/** Events of the ledger that go to a platform by themselves: each once. */
@Entity({ tableName: 'forwarding' })
export class Forwarding {
  @PrimaryKey(text())
  id!: string;

  @Property(text())
  @Index()
  connectionId!: string;

  /** A verb of the connector that can take an event: `rows.append`. */
  @Property(text())
  verb!: string;

  /** Types of the ledger. */
  @Property(textArray())
  events!: string[];

  /** CEL over the event, as in workflows. */
  @Property({ ...text(), nullable: true })
  filter!: string | null;

  /** What the verb wants besides the event: the table of its rows. */
  @Property(json())
  settings!: PlainRecord;

  /** How far the ledger was read. */
  @Property({ type: bigInteger })
  position!: number;

  @Property({ type: types.boolean, default: false })
  paused!: boolean;

  @Property(instant())
  createdAt!: Date;
}
