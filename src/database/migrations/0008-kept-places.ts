import { Migration } from '@mikro-orm/migrations';

/** So that codes of several campaigns that are made one by one in one pattern do not leave a batch each. */
export class Migration0008KeptPlaces extends Migration {
  override up(): void {
    this.addSql(`alter table "code_batch" add "kept" bigint null;`);
  }
}
