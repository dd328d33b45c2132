import { Migration } from '@mikro-orm/migrations';

/** So that gift cards with money left whose time is over are found without looking through all vouchers. */
export class Migration0007GiftCardExpiry extends Migration {
  override up(): void {
    this.addSql(
      `create index "voucher_card_expiry_index" on "voucher" ("valid_until") where status = 'PARTLY_REDEEMED' and valid_until is not null;`,
    );
  }
}
