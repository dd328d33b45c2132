import { Migration } from '@mikro-orm/migrations';

/** Events of the ledger that go to platforms by themselves. */
export class Migration0015Forwardings extends Migration {
  override up(): void {
    this.addSql(
      `create table "forwarding" ("id" text not null, "connection_id" text not null, "verb" text not null, "events" text[] not null, "filter" text null, "settings" jsonb not null, "position" bigint not null, "paused" boolean not null default false, "created_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`create index "forwarding_connection_id_index" on "forwarding" ("connection_id");`);
  }
}
