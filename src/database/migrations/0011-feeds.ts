import { Migration } from '@mikro-orm/migrations';

/** How far feeds were read, by schedule and by back-fill; what they bring goes among the notices. */
export class Migration0011Feeds extends Migration {
  override up(): void {
    this.addSql(
      `create table "feed_reading" ("connection_id" text not null, "backfill_id" text not null, "feed" text not null, "location" text not null, "asked" boolean not null, "next_at" timestamptz(3) not null, "owner" int null, "position" jsonb null, "listed" text[] not null, "confirmed" jsonb not null, "read_up_to" timestamptz(3) not null, "failures" int not null default 0, "last_error" text null, "last_read_at" timestamptz(3) null, "ended" text null, "windows_total" int not null default 0, "windows_done" int not null default 0, "facts_taken" int not null default 0, primary key ("connection_id", "backfill_id", "feed", "location"));`,
    );
    this.addSql(`create index "feed_reading_due" on "feed_reading" ("next_at") where asked;`);
    this.addSql(`create index "feed_reading_backfill" on "feed_reading" ("backfill_id") where backfill_id <> '';`);
    this.addSql(
      `create table "backfill" ("id" text not null, "connection_id" text not null, "feeds" text[] not null, "from_at" timestamptz(3) not null, "to_at" timestamptz(3) not null, "state" text not null, "created_at" timestamptz(3) not null, "ended_at" timestamptz(3) null, primary key ("id"));`,
    );
    this.addSql(`create index "backfill_connection_id_created_at_index" on "backfill" ("connection_id", "created_at");`);
    this.addSql(`create unique index "backfill_running" on "backfill" ("connection_id") where state = 'RUNNING';`);
    this.addSql(`alter table "notice" add column "read_at" timestamptz(3) null;`);
    this.addSql(`alter table "notice" add column "content_hash" text null;`);
    this.addSql(`alter table "notice" add column "background" boolean not null default false;`);
    this.addSql(`alter table "notice" alter column "delivery_id" drop not null;`);
    this.addSql(`drop index "notice_due";`);
    this.addSql(`create index "notice_due" on "notice" ("background", "next_at", "id") where state in ('PENDING', 'RUNNING');`);
    this.addSql(`create index "notice_known" on "notice" ("connection_id", "lane", "id");`);
  }
}
