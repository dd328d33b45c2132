import { Migration } from '@mikro-orm/migrations';

/** What came in at an App's address is looked through by itself, newest first. */
export class Migration0019DeliveriesOfApps extends Migration {
  override up(): void {
    this.addSql(`drop index "webhook_delivery_app_id_received_at_index";`);
    this.addSql(`create index "webhook_delivery_of_app" on "webhook_delivery" ("app_id", "id") where app_id is not null;`);
  }
}
