import { Migration } from '@mikro-orm/migrations';

/** Shares that move between units when some are returned, and the order as a reversal left it; holds of a store, newest first. */
export class Migration0005ReversalPolicies extends Migration {
  override up(): void {
    this.addSql(`alter table "allocation" add "moved" bigint not null default 0;`);
    this.addSql(`alter table "reversal" add "moved" jsonb not null default '[]', add "policy" text null, add "priced" json null;`);
    this.addSql(`create index "hold_store_id_id_index" on "hold" ("store_id", "id");`);
  }
}
