import { Migration } from '@mikro-orm/migrations';

/** What platforms tell besides orders: their customers, discounts and documents. */
export class Migration0014PlatformRecords extends Migration {
  override up(): void {
    this.addSql(
      `create table "customer_link" ("connection_id" text not null, "external_id" text not null, "customer_id" text not null, "seen_at" timestamptz(3) not null, primary key ("connection_id", "external_id"));`,
    );
    this.addSql(`create index "customer_link_customer_id_index" on "customer_link" ("customer_id");`);
    this.addSql(
      `create table "platform_discount" ("connection_id" text not null, "external_id" text not null, "name" text not null, "code" text null, "state" text not null, "used" int null, "revision" bigint not null, "seen_at" timestamptz(3) not null, primary key ("connection_id", "external_id"));`,
    );
    this.addSql(
      `create table "platform_document" ("connection_id" text not null, "external_id" text not null, "kind" text not null, "number" text null, "reference" text not null, "day" date not null, "currency" text not null, "total" bigint null, "status" text null, "body" jsonb not null, "revision" bigint not null, "seen_at" timestamptz(3) not null, primary key ("connection_id", "external_id"));`,
    );
    this.addSql(`create index "platform_document_connection_id_day_index" on "platform_document" ("connection_id", "day");`);
    this.addSql(`create index "platform_document_connection_id_reference_index" on "platform_document" ("connection_id", "reference");`);
  }
}
