import { types } from '@mikro-orm/core';
import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { bigInteger, day, instant, json, text } from '../../database/columns.ts';
import type { LedgerEventType } from './ledger.types.ts';

/** What an event says, before and after it is sealed. The members of the hash, then the links, which are not part of it. */
@Entity({ abstract: true })
abstract class LedgerContent {
  @Property(text())
  type!: LedgerEventType;

  @Property(instant())
  at!: Date;

  @Property({ ...day(), nullable: true })
  businessDay!: string | null;

  @Property({ ...text(), nullable: true })
  storeId!: string | null;

  @Property({ ...text(), nullable: true })
  campaignId!: string | null;

  @Property({ ...text(), nullable: true })
  code!: string | null;

  @Property({ type: bigInteger, nullable: true })
  amount!: number | null;

  @Property({ ...text(), columnType: 'char(3)', nullable: true })
  currency!: string | null;

  @Property(json())
  data!: unknown;

  /** Of a CUSTOM event: what happened, e.g. email.opened. */
  @Property({ ...text(), nullable: true })
  name!: string | null;

  @Property({ ...text(), nullable: true })
  redemptionId!: string | null;

  @Property({ ...text(), nullable: true })
  reversalId!: string | null;

  @Property({ ...text(), nullable: true })
  voucherId!: string | null;

  @Property({ ...text(), nullable: true })
  customerId!: string | null;

  @Property({ ...text(), nullable: true })
  orderSource!: string | null;

  @Property({ ...text(), nullable: true })
  orderExternalId!: string | null;
}

/** Events whose transaction wrote them and that the sealer has not yet put in the book. */
@Entity({ tableName: 'ledger_intake' })
export class LedgerIntake extends LedgerContent {
  /** The writing transaction: what the sealer orders by. */
  @PrimaryKey({ type: types.string, columnType: 'xid8', defaultRaw: 'pg_current_xact_id()' })
  tx!: string;

  @PrimaryKey({ type: bigInteger, autoincrement: true })
  id!: number;
}

/** The book: gap-free positions, each hash over the one before. Partitioned by month of `at` (migrations). */
@Entity({ tableName: 'ledger_event' })
@Index({ properties: ['storeId', 'position'] })
@Index({ properties: ['campaignId', 'position'] })
@Index({
  name: 'ledger_event_customer_index',
  expression: 'create index "ledger_event_customer_index" on "ledger_event" ("customer_id", "position") where customer_id is not null',
})
export class LedgerEvent extends LedgerContent {
  @PrimaryKey({ type: bigInteger })
  position!: number;

  @PrimaryKey(instant())
  declare at: Date;

  /** Its number at the intake. */
  @Property({ type: bigInteger })
  intakeId!: number;

  @Property({ ...text(), columnType: 'char(64)' })
  hash!: string;

  @Property({ ...text(), columnType: 'char(64)' })
  previousHash!: string;
}

/** One row: where the chain ends. */
@Entity({ tableName: 'ledger_head' })
export class LedgerHead {
  @PrimaryKey({ type: types.integer })
  id!: number;

  @Property({ type: bigInteger })
  position!: number;

  @Property({ ...text(), columnType: 'char(64)' })
  hash!: string;
}

/** How far a reader that must miss nothing (workflow triggers, the outbox) has read. */
@Entity({ tableName: 'ledger_reader' })
export class LedgerReader {
  @PrimaryKey(text())
  name!: string;

  @Property({ type: bigInteger })
  position!: number;
}
