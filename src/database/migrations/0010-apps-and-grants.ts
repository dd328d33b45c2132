import { Migration } from '@mikro-orm/migrations';

/** Apps, credentials that connections share, subscriptions at platforms, and events of accounts that nobody has connected yet. */
export class Migration0010AppsAndGrants extends Migration {
  override up(): void {
    this.addSql(
      `create table "app" ("id" text not null, "connector_id" text not null, "name" text not null, "settings" jsonb not null, "secrets" text null, "previous_secrets" text null, "previous_until" timestamptz(3) null, "webhook_url" text null, "last_error" text null, "last_error_at" timestamptz(3) null, "version" int not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`create index "app_connector_id_index" on "app" ("connector_id");`);

    this.addSql(
      `create table "credential_grant" ("id" text not null, "holder" text not null, "connector_id" text not null, "credential" text null, "facts" jsonb not null, "status" text not null, "dead_reason" text null, "expires_at" timestamptz(3) null, "use_before" timestamptz(3) null, "authorized_at" timestamptz(3) null, "renewing_since" timestamptz(3) null, "renew_at" timestamptz(3) null, "version" int not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`alter table "credential_grant" add constraint "credential_grant_holder_unique" unique ("holder");`);
    this.addSql(`create index "credential_grant_renew_at_index" on "credential_grant" ("renew_at");`);

    this.addSql(
      `create table "webhook_subscription" ("holder" text not null, "connector_id" text not null, "connector_version" text not null, "url" text not null, "subscriptions" jsonb not null, "secrets" text null, "previous_secrets" text null, "previous_until" timestamptz(3) null, "ensured_at" timestamptz(3) null, "due_at" timestamptz(3) not null, "attempts" int not null default 0, "version" int not null, "updated_at" timestamptz(3) not null, primary key ("holder"));`,
    );
    this.addSql(`create index "webhook_subscription_due_at_index" on "webhook_subscription" ("due_at");`);

    this.addSql(
      `create table "authorization_request" ("state_hash" text not null, "connection_id" text not null, "verifier" text null, "redirect_uri" text not null, "asked_by" text not null, "expires_at" timestamptz(3) not null, "used_at" timestamptz(3) null, "created_at" timestamptz(3) not null, primary key ("state_hash"));`,
    );
    this.addSql(`create index "authorization_request_expires_at_index" on "authorization_request" ("expires_at");`);

    this.addSql(
      `alter table "connection" add "app_id" text null, add "grant_id" text null, add "previous_secrets" text null, add "previous_until" timestamptz(3) null, add "accounts" jsonb null, add "capabilities" jsonb null, add "upkeep_at" timestamptz(3) null, add "retest" boolean not null default false, add "disconnected_at" timestamptz(3) null;`,
    );
    // What was connected before is looked after like the rest.
    this.addSql(`update "connection" set "upkeep_at" = now();`);
    this.addSql(`create index "connection_app_id_account_index" on "connection" ("app_id", "account");`);
    this.addSql(`create index "connection_grant_id_index" on "connection" ("grant_id");`);
    this.addSql(`create index "connection_upkeep_at_index" on "connection" ("upkeep_at");`);

    this.addSql(`alter table "notice" alter column "connection_id" drop not null;`);
    this.addSql(`alter table "notice" add "app_id" text null;`);
    this.addSql(`alter table "notice" add constraint "notice_app_id_repeat_key_unique" unique ("app_id", "repeat_key");`);
    this.addSql(`create index "notice_unclaimed" on "notice" ("app_id", "account") where state = 'UNCLAIMED' and connection_id is null;`);

    this.addSql(`alter table "webhook_delivery" alter column "connection_id" drop not null;`);
    this.addSql(`alter table "webhook_delivery" add "app_id" text null;`);
    this.addSql(`create index "webhook_delivery_app_id_received_at_index" on "webhook_delivery" ("app_id", "received_at");`);
  }
}
