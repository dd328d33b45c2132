import { Migration } from '@mikro-orm/migrations';

/** Which batches are new or longer is told by the transaction that made them so: nobody reads all of them again for one more code. */
export class Migration0021CodesByChange extends Migration {
  override up(): void {
    this.addSql(`alter table "code_batch" add "changed" xid8 not null default pg_current_xact_id();`);
    this.addSql(`create index "code_batch_changed_index" on "code_batch" ("changed");`);
  }
}
