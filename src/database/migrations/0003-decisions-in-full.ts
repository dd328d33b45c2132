import { Migration } from '@mikro-orm/migrations';

/** Versions of campaigns and stores, segments, the audit trail, key rotation, and what issued vouchers were promised. */
export class Migration0003DecisionsInFull extends Migration {
  override up(): void {
    this.addSql(
      `create table "audit_line" ("id" bigserial primary key, "at" timestamptz(3) not null, "actor_id" text not null, "operation" text not null, "subject_id" text null, "before" jsonb null, "after" jsonb null);`,
    );
    this.addSql(`create index "audit_line_actor_id_id_index" on "audit_line" ("actor_id", "id");`);
    this.addSql(`create index "audit_line_subject_id_id_index" on "audit_line" ("subject_id", "id");`);
    this.addSql(
      `create table "campaign_version" ("campaign_id" text not null, "version" int not null, "content" jsonb not null, "actor_id" text null, "at" timestamptz(3) not null, primary key ("campaign_id", "version"));`,
    );
    this.addSql(
      `create table "segment" ("id" text not null, "name" text not null, "expression" text null, "version" int not null, "created_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(
      `create table "segment_member" ("segment_id" text not null, "customer_id" text not null, "since" timestamptz(3) not null, primary key ("segment_id", "customer_id"));`,
    );
    this.addSql(`create index "segment_member_customer_id_index" on "segment_member" ("customer_id");`);
    this.addSql(
      `create table "store_version" ("store_id" text not null, "version" int not null, "content" jsonb not null, "at" timestamptz(3) not null, primary key ("store_id", "version"));`,
    );
    this.addSql(`alter table "api_key" add "previous_hash" text null, add "previous_until" timestamptz(3) null;`);
    this.addSql(`alter table "api_key" add constraint "api_key_previous_hash_unique" unique ("previous_hash");`);
    this.addSql(
      `alter table "campaign" add "funding" jsonb not null default '[]', add "issuance" jsonb null, add "promised_from" int not null default 1;`,
    );
    this.addSql(
      `alter table "checkout" add "actor_id" text null, add "store_version" int null, add "rule_version" int not null default 1, add "inputs" json null;`,
    );
    this.addSql(`create index "checkout_customer_index" on "checkout" ("customer_id") where customer_id is not null;`);
    this.addSql(`alter table "voucher" add "terms_version" int null, add "source_order_id" text null;`);
    this.addSql(`create index "voucher_source_order_index" on "voucher" ("source_order_id") where source_order_id is not null;`);
    // What stands now is the first version that is known.
    this.addSql(
      `insert into campaign_version (campaign_id, version, content, at) select id, version, jsonb_build_object('id', id, 'name', name, 'status', status, 'parentId', parent_id, 'storeIds', to_jsonb(store_ids), 'currency', currency, 'startsOn', starts_on, 'endsOn', ends_on, 'incentive', incentive, 'conditions', conditions, 'limits', limits, 'budget', budget, 'stacking', stacking, 'distribution', distribution, 'taxClass', tax_class, 'reversalPolicy', reversal_policy, 'funding', funding, 'issuance', issuance, 'metadata', metadata, 'createdAt', to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')), created_at from campaign`,
    );
    this.addSql(
      `insert into store_version (store_id, version, content, at) select id, version, jsonb_build_object('name', name, 'timeZone', time_zone, 'businessDayStart', business_day_start, 'currency', currency, 'groups', to_jsonb(groups), 'language', language, 'defaultTaxRate', trim_scale(default_tax_rate)::text, 'taxRates', tax_rates, 'maxVouchersPerOrder', max_vouchers_per_order), created_at from store`,
    );
  }
}
