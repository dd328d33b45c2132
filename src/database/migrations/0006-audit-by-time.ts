import { Migration } from '@mikro-orm/migrations';

/** The audit trail is read newest first. */
export class Migration0006AuditByTime extends Migration {
  override up(): void {
    this.addSql(`create index "audit_line_at_id_index" on "audit_line" ("at", "id");`);
  }
}
