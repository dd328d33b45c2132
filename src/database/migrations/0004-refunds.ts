import { Migration } from '@mikro-orm/migrations';

/** Refunds, whoever told of them, with what came back with each. */
export class Migration0004Refunds extends Migration {
  override up(): void {
    this.addSql(
      `create table "refund" ("id" text not null, "order_id" text not null, "external_id" text null, "at" timestamptz(3) not null, "business_day" date not null, "store_id" text not null, "amount" bigint not null, "currency" char(3) not null, "lines" jsonb not null, "whole" boolean not null, "reason" text null, "actor_id" text not null, "reversal_ids" jsonb not null, "taken_back" jsonb not null, "kept_because_used" jsonb not null, primary key ("id"));`,
    );
    this.addSql(`create index "refund_order_id_index" on "refund" ("order_id");`);
  }
}
