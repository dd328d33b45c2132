import { type Opt, types } from '@mikro-orm/core';
import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { bigInteger, instant, text } from '../../database/columns.ts';

/** A range of a pattern that belongs to one campaign: indices firstIndex to firstIndex + count - 1. */
@Entity({ tableName: 'code_batch' })
@Index({ properties: ['patternId', 'firstIndex'] })
export class CodeBatch {
  @PrimaryKey(text())
  id!: string;

  @Property(text())
  @Index()
  campaignId!: string;

  @Property({ type: types.integer })
  patternId!: number;

  @Property({ type: bigInteger })
  firstIndex!: number;

  @Property({ type: bigInteger })
  count!: number;

  /** How many places of the pattern are kept for it, where its codes are made one by one as they are given out; null = it has all its codes. */
  @Property({ type: bigInteger, nullable: true })
  kept!: number | null;

  /** How many from the front issueVoucher has looked at; the next is taken from here. */
  @Property({ type: bigInteger })
  issueCursor!: number;

  @Property(instant())
  createdAt!: Date;

  /** The transaction that made it, or made it longer last. */
  @Property({ type: types.string, columnType: 'xid8', defaultRaw: 'pg_current_xact_id()' })
  @Index()
  changed!: Opt<string>;
}
