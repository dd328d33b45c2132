import { Migration } from '@mikro-orm/migrations';

/** So that an operator sees that a platform is being left alone; jobs of a connection are listed newest first. */
export class Migration0017Circuits extends Migration {
  override up(): void {
    this.addSql(`alter table "connection" add "circuit_open_until" timestamptz(3) null;`);
    this.addSql(`create index "outbox_job_connection_id_id_index" on "outbox_job" ("connection_id", "id");`);
    this.addSql(`create index "webhook_delivery_connection_id_id_index" on "webhook_delivery" ("connection_id", "id");`);
  }
}
