import { Migration } from '@mikro-orm/migrations';

/** Campaigns at platforms, and which article of the hub one of a platform is. */
export class Migration0016Publications extends Migration {
  override up(): void {
    this.addSql(
      `create table "publication" ("id" text not null, "campaign_id" text not null, "connection_id" text not null, "status" text not null, "round" int not null, "campaign_version" int not null, "content" jsonb not null, "losses" jsonb not null, "ref" jsonb null, "codes_total" bigint not null, "codes_sent" bigint not null, "codes_added" bigint not null, "codes_refused" bigint not null, "last_error" text null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "publication" add constraint "publication_campaign_id_connection_id_unique" unique ("campaign_id", "connection_id");`,
    );
    this.addSql(`create index "publication_due" on "publication" ("id") where status in ('PUBLISHING', 'WITHDRAWING');`);
    this.addSql(
      `create table "product_mapping" ("connection_id" text not null, "external_id" text not null, "sku" text not null, "group_name" text null, "brand" text null, primary key ("connection_id", "external_id"));`,
    );
    this.addSql(`create index "product_mapping_connection_id_sku_index" on "product_mapping" ("connection_id", "sku");`);
    this.addSql(`create index "product_mapping_connection_id_group_name_index" on "product_mapping" ("connection_id", "group_name");`);
  }
}
