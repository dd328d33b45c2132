import { Migration } from '@mikro-orm/migrations';

/** What somebody redeemed is found by who made the checkout. */
export class Migration0020RedeemsByActor extends Migration {
  override up(): void {
    this.addSql(`create index "checkout_actor_id_created_at_index" on "checkout" ("actor_id", "created_at");`);
  }
}
