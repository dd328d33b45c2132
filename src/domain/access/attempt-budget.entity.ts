import { types } from '@mikro-orm/core';
import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { instant, text } from '../../database/columns.ts';

/** Wrong codes that the public tried from one address, for one customer or with one key, in the minute that began at `startedAt`. */
@Entity({ tableName: 'attempt_budget' })
export class AttemptBudget {
  /** A hash: neither addresses nor people are told by this table. */
  @PrimaryKey(text())
  key!: string;

  @Property({ type: types.integer })
  wrong!: number;

  @Property(instant())
  @Index()
  startedAt!: Date;
}
