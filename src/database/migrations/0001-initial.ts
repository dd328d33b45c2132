import { Migration } from '@mikro-orm/migrations';

export class Migration0001Initial extends Migration {
  override up(): void {
    this.addSql(
      `create table "allocation" ("redemption_id" text not null, "place" int not null, "line_id" text not null, "unit" int not null, "tax_rate" numeric not null, "amount" bigint not null, "returned" bigint not null, primary key ("redemption_id", "place"));`,
    );
    this.addSql(
      `create table "api_key" ("id" text not null, "name" text not null, "role" text not null, "store_ids" text[] null, "connection_id" text null, "partner_id" text null, "secret_hash" text not null, "created_at" timestamptz(3) not null, "last_used_at" timestamptz(3) null, "revoked_at" timestamptz(3) null, primary key ("id"));`,
    );
    this.addSql(`alter table "api_key" add constraint "api_key_secret_hash_unique" unique ("secret_hash");`);
    this.addSql(
      `create table "attempt_budget" ("key" text not null, "wrong" int not null, "started_at" timestamptz(3) not null, primary key ("key"));`,
    );
    this.addSql(`create index "attempt_budget_started_at_index" on "attempt_budget" ("started_at");`);
    this.addSql(`create table "call_budget" ("key" text not null, "whole_at" bigint not null, primary key ("key"));`);
    this.addSql(
      `create table "campaign" ("id" text not null, "parent_id" text null, "name" text not null, "status" text not null, "version" int not null, "store_ids" text[] null, "starts_on" date null, "ends_on" date null, "incentive" jsonb null, "conditions" jsonb not null, "limits" jsonb not null, "budget" bigint null, "currency" char(3) null, "stacking" jsonb not null, "distribution" text not null, "tax_class" text not null, "reversal_policy" text not null, "metadata" jsonb null, "created_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`create index "campaign_parent_id_index" on "campaign" ("parent_id");`);
    this.addSql(
      `create table "checkout" ("id" text not null, "source" text not null, "external_id" text not null, "sequence" int not null, "store_id" text not null, "customer_id" text null, "redeem_key" text not null, "business_day" date not null, "basket" json not null, "priced" json not null, "locked_discounts" json null, "stacking_groups" text[] not null, "exclusive" boolean not null, "placed_at" timestamptz(3) not null, "created_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "checkout" add constraint "checkout_source_external_id_sequence_unique" unique ("source", "external_id", "sequence");`,
    );
    this.addSql(
      `create table "code_batch" ("id" text not null, "campaign_id" text not null, "pattern_id" int not null, "first_index" bigint not null, "count" bigint not null, "issue_cursor" bigint not null, "created_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`create index "code_batch_campaign_id_index" on "code_batch" ("campaign_id");`);
    this.addSql(`create index "code_batch_pattern_id_first_index_index" on "code_batch" ("pattern_id", "first_index");`);
    this.addSql(
      `create table "code_pattern" ("id" serial primary key, "kind" text not null, "prefix" text not null, "length" int not null, "alphabet" text not null, "check_character" boolean not null, "next_index" bigint not null, "created_at" timestamptz(3) not null);`,
    );
    this.addSql(
      `alter table "code_pattern" add constraint "code_pattern_kind_prefix_length_alphabet_check_character_unique" unique ("kind", "prefix", "length", "alphabet", "check_character");`,
    );
    this.addSql(
      `create table "connection" ("id" text not null, "connector_id" text not null, "name" text not null, "store_id" text null, "settings" jsonb not null, "secrets" text null, "status" text not null, "account" text null, "account_name" text null, "facts" jsonb not null, "webhook_url" text null, "last_error" text null, "last_error_at" timestamptz(3) null, "checked_at" timestamptz(3) null, "version" int not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`create index "connection_connector_id_index" on "connection" ("connector_id");`);
    this.addSql(
      `create table "counter" ("key" text collate "C" not null, "used" bigint not null, "held" bigint not null, primary key ("key"));`,
    );
    this.addSql(
      `create table "customer" ("id" text not null, "name" text null, "phone" text null, "email" text null, "groups" text[] not null, "birthday" date null, "anniversary" date null, "created_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`alter table "customer" add constraint "customer_phone_unique" unique ("phone");`);
    this.addSql(`alter table "customer" add constraint "customer_email_unique" unique ("email");`);
    this.addSql(
      `create table "hold" ("id" text not null, "status" text not null, "codes" text[] not null, "source" text not null, "external_id" text not null, "store_id" text not null, "content" jsonb not null, "created_at" timestamptz(3) not null, "expires_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`create index "hold_status_expires_at_index" on "hold" ("status", "expires_at");`);
    this.addSql(`create index "hold_source_external_id_index" on "hold" ("source", "external_id");`);
    this.addSql(
      `create table "idempotency" ("scope" text not null, "key" text not null, "input_hash" text not null, "answer" jsonb not null, "created_at" timestamptz(3) not null, primary key ("scope", "key"));`,
    );
    this.addSql(`create index "idempotency_created_at_index" on "idempotency" using brin ("created_at");`);
    this.addSql(
      `create table "ledger_event" ("position" bigint not null, "at" timestamptz(3) not null, "type" text not null, "business_day" date null, "store_id" text null, "campaign_id" text null, "code" text null, "amount" bigint null, "currency" char(3) null, "data" jsonb not null, "name" text null, "redemption_id" text null, "reversal_id" text null, "voucher_id" text null, "customer_id" text null, "order_source" text null, "order_external_id" text null, "intake_id" bigint not null, "hash" char(64) not null, "previous_hash" char(64) not null, primary key ("position", "at"));`,
    );
    this.addSql(`create index "ledger_event_customer_index" on "ledger_event" ("customer_id", "position") where customer_id is not null;`);
    this.addSql(`create index "ledger_event_campaign_id_position_index" on "ledger_event" ("campaign_id", "position");`);
    this.addSql(`create index "ledger_event_store_id_position_index" on "ledger_event" ("store_id", "position");`);
    this.addSql(`create table "ledger_head" ("id" serial primary key, "position" bigint not null, "hash" char(64) not null);`);
    this.addSql(
      `create table "ledger_intake" ("tx" xid8 not null default pg_current_xact_id(), "id" bigserial not null, "type" text not null, "at" timestamptz(3) not null, "business_day" date null, "store_id" text null, "campaign_id" text null, "code" text null, "amount" bigint null, "currency" char(3) null, "data" jsonb not null, "name" text null, "redemption_id" text null, "reversal_id" text null, "voucher_id" text null, "customer_id" text null, "order_source" text null, "order_external_id" text null, primary key ("tx", "id"));`,
    );
    this.addSql(`create table "ledger_reader" ("name" text not null, "position" bigint not null, primary key ("name"));`);
    this.addSql(
      `create table "notice" ("id" bigserial primary key, "connection_id" text not null, "delivery_id" text not null, "topic" text not null, "account" text null, "location" text null, "lane" text not null, "repeat_key" text null, "body" jsonb not null, "signed" boolean not null, "state" text not null, "reason" text null, "attempts" int not null default 0, "next_at" timestamptz(3) not null, "owner" int null, "last_error" text null, "received_at" timestamptz(3) not null, "settled_at" timestamptz(3) null);`,
    );
    this.addSql(`create index "notice_kept" on "notice" ("connection_id", "reason") where state in ('PARKED', 'UNCLAIMED');`);
    this.addSql(`create index "notice_due" on "notice" ("next_at", "id") where state in ('PENDING', 'RUNNING');`);
    this.addSql(`create index "notice_lane" on "notice" ("connection_id", "lane", "id") where state in ('PENDING', 'RUNNING');`);
    this.addSql(`create index "notice_delivery_id_index" on "notice" ("delivery_id");`);
    this.addSql(`alter table "notice" add constraint "notice_connection_id_repeat_key_unique" unique ("connection_id", "repeat_key");`);
    this.addSql(
      `create table "orders" ("id" text not null, "source" text not null, "external_id" text not null, "revision" bigint null, "state" text not null, "store_id" text not null, "customer_id" text null, "business_day" date not null, "placed_at" timestamptz(3) not null, "basket" jsonb not null, "payments" jsonb not null, "priced" jsonb not null, "content_hash" text not null, "recorded_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`create index "orders_customer_id_index" on "orders" ("customer_id");`);
    this.addSql(`create index "orders_store_id_business_day_index" on "orders" ("store_id", "business_day");`);
    this.addSql(`alter table "orders" add constraint "orders_source_external_id_unique" unique ("source", "external_id");`);
    this.addSql(
      `create table "outbox_job" ("id" text not null, "connection_id" text not null, "verb" text not null, "key" text not null, "location" text null, "input" jsonb not null, "status" text not null, "attempts" int not null default 0, "next_at" timestamptz(3) not null, "owner" int null, "in_doubt" boolean not null default false, "state" jsonb null, "outcome" jsonb null, "failure" jsonb null, "message_state" text null, "message_state_at" timestamptz(3) null, "run_id" text null, "step_id" text null, "customer_id" text null, "store_id" text null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null, "settled_at" timestamptz(3) null, primary key ("id"));`,
    );
    this.addSql(`create index "outbox_job_kept" on "outbox_job" ("connection_id") where status = 'PARKED';`);
    this.addSql(`create index "outbox_job_due" on "outbox_job" ("next_at", "id") where status in ('PENDING', 'RUNNING');`);
    this.addSql(`create index "outbox_job_run_id_index" on "outbox_job" ("run_id");`);
    this.addSql(
      `alter table "outbox_job" add constraint "outbox_job_connection_id_verb_key_unique" unique ("connection_id", "verb", "key");`,
    );
    this.addSql(
      `create table "redemption" ("id" text not null, "checkout_id" text not null, "campaign_id" text not null, "campaign_version" int not null, "pattern_id" int not null, "idx" bigint not null, "code" text not null, "kind" text not null, "tax_class" text not null, "amount" bigint not null, "currency" char(3) not null, "reckoned" bigint null, "reversed" bigint not null, "undone" boolean not null, "store_id" text not null, "customer_id" text null, "business_day" date not null, "redeemed_at" timestamptz(3) not null, "till_id" text null, "staff_id" text null, "entry_mode" text not null, "step" int not null, "order_source" text not null, "order_external_id" text not null, "linked_order_id" text null, "taken" json not null, primary key ("id"));`,
    );
    this.addSql(`create index "redemption_checkout_id_index" on "redemption" ("checkout_id");`);
    this.addSql(`create index "redemption_linked_order_index" on "redemption" ("linked_order_id") where linked_order_id is not null;`);
    this.addSql(`create index "redemption_customer_index" on "redemption" ("customer_id", "redeemed_at") where customer_id is not null;`);
    this.addSql(`create index "redemption_campaign_id_redeemed_at_index" on "redemption" ("campaign_id", "redeemed_at");`);
    this.addSql(`create index "redemption_store_id_redeemed_at_index" on "redemption" ("store_id", "redeemed_at");`);
    this.addSql(`create index "redemption_pattern_id_idx_index" on "redemption" ("pattern_id", "idx");`);
    this.addSql(
      `create table "rejection" ("id" text not null, "at" timestamptz(3) not null, "action" text not null, "code" text null, "reason" text not null, "failures" jsonb not null, "nearest_basket" jsonb null, "campaign_id" text null, "store_id" text null, "customer_id" text null, "actor_id" text not null, "order_source" text null, "order_external_id" text null, primary key ("id"));`,
    );
    this.addSql(`create index "rejection_listed_index" on "rejection" ("id") where action <> 'VALIDATE';`);
    this.addSql(`create index "rejection_code_index" on "rejection" ("code");`);
    this.addSql(`create index "rejection_order_source_order_external_id_index" on "rejection" ("order_source", "order_external_id");`);
    this.addSql(`create index "rejection_store_id_at_index" on "rejection" ("store_id", "at");`);
    this.addSql(`create index "rejection_campaign_id_at_index" on "rejection" ("campaign_id", "at");`);
    this.addSql(
      `create table "reversal" ("id" text not null, "redemption_id" text not null, "at" timestamptz(3) not null, "business_day" date not null, "store_id" text not null, "reason" text not null, "amount" bigint not null, "currency" char(3) not null, "allocations" jsonb not null, "units" jsonb null, primary key ("id"));`,
    );
    this.addSql(`create index "reversal_redemption_id_index" on "reversal" ("redemption_id");`);
    this.addSql(`create table "setting" ("name" text not null, "value" text not null, primary key ("name"));`);
    this.addSql(
      `create table "store" ("id" text not null, "name" text not null, "time_zone" text not null, "business_day_start" text not null, "currency" char(3) not null, "groups" text[] not null, "language" text not null, "default_tax_rate" numeric not null, "tax_rates" jsonb not null, "max_vouchers_per_order" int null, "version" int not null, "created_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(
      `create table "voucher" ("pattern_id" int not null, "idx" bigint not null, "code" text not null, "campaign_id" text not null, "status" text not null, "uses" int not null, "max_uses" int null, "holds" int not null, "customer_id" text null, "valid_from" timestamptz(3) null, "valid_until" timestamptz(3) null, "created_at" timestamptz(3) not null, primary key ("pattern_id", "idx"));`,
    );
    this.addSql(`create index "voucher_expiry_index" on "voucher" ("valid_until") where status = 'ISSUED' and valid_until is not null;`);
    this.addSql(`create index "voucher_customer_index" on "voucher" ("customer_id", "created_at") where customer_id is not null;`);
    this.addSql(`create index "voucher_campaign_id_created_at_index" on "voucher" ("campaign_id", "created_at");`);
    this.addSql(
      `create table "webhook_delivery" ("id" text not null, "connection_id" text not null, "method" text not null, "headers" jsonb not null, "query" jsonb not null, "body" bytea not null, "received_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`create index "webhook_delivery_connection_id_received_at_index" on "webhook_delivery" ("connection_id", "received_at");`);
    this.addSql(
      `create table "worker_heartbeat" ("id" text not null, "task_queue" text not null, "started_at" timestamptz(3) not null, "seen_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(
      `create table "workflow" ("id" text not null, "name" text not null, "status" text not null, "version" int not null, "active_from" bigint null, "created_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`create index "workflow_created_at_id_index" on "workflow" ("created_at", "id");`);
    this.addSql(
      `create table "workflow_run" ("id" text not null, "workflow_id" text not null, "version" int not null, "status" text not null, "event_position" bigint not null, "event_at" timestamptz(3) not null, "started_at" timestamptz(3) not null, "dispatched_at" timestamptz(3) null, "settled_at" timestamptz(3) null, "failure" jsonb null, primary key ("id"));`,
    );
    this.addSql(`create index "workflow_run_undispatched" on public.workflow_run (event_position, id) where dispatched_at is null;`);
    this.addSql(`create index "workflow_run_workflow_id_event_position_index" on "workflow_run" ("workflow_id", "event_position");`);
    this.addSql(
      `create table "workflow_step" ("run_id" text not null, "step_id" text not null, "place" int not null, "kind" text not null, "status" text not null, "detail" jsonb null, "began_at" timestamptz(3) not null, "at" timestamptz(3) not null, primary key ("run_id", "step_id"));`,
    );
    this.addSql(
      `create table "workflow_version" ("workflow_id" text not null, "version" int not null, "trigger" jsonb not null, "filter" text null, "steps" jsonb not null, "steps_given" jsonb not null, "created_at" timestamptz(3) not null, primary key ("workflow_id", "version"));`,
    );
  }
}
