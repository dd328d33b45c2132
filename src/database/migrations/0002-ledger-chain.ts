import { Migration } from '@mikro-orm/migrations';

/** What entities cannot say: the book's partitions, the chain's first link, and the hot statements' way to refuse. */
export class Migration0002LedgerChain extends Migration {
  override up(): void {
    this.addSql(`alter table ledger_event rename to ledger_event_template`);
    this.addSql(`create table ledger_event (like ledger_event_template including defaults) partition by range (at)`);
    this.addSql(`drop table ledger_event_template`);
    this.addSql(`alter table ledger_event add primary key (position, at)`);
    this.addSql(`create index ledger_event_store_id_position_index on ledger_event (store_id, position)`);
    this.addSql(`create index ledger_event_campaign_id_position_index on ledger_event (campaign_id, position)`);
    this.addSql(`create index ledger_event_customer_index on ledger_event (customer_id, position) where customer_id is not null`);
    this.addSql(`insert into ledger_head (id, position, hash) values (1, 0, repeat('0', 64))`);
    // A batch that did not come out as it was decided: the caller locks, reads and decides again.
    this.addSql(
      `create function refuse_batch(what text) returns boolean language plpgsql as $$ begin raise exception using errcode = 'VH001', message = what; end $$`,
    );
  }
}
