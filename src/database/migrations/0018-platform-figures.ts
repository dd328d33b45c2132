import { Migration } from '@mikro-orm/migrations';

/** What a platform itself reckons of an order stands beside what the hub reckons, so that both can be compared. */
export class Migration0018PlatformFigures extends Migration {
  override up(): void {
    this.addSql(`alter table "orders" add "platform" jsonb null;`);
  }
}
