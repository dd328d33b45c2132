import { Migration } from '@mikro-orm/migrations';

/** What platforms that wait for an answer were told. */
export class Migration0013QuestionAnswers extends Migration {
  override up(): void {
    this.addSql(
      `create table "question_answer" ("connection_id" text not null, "question" text not null, "repeat_key" text not null, "answer" jsonb null, "asked_at" timestamptz(3) not null, "claimed_until" timestamptz(3) not null, "answered_at" timestamptz(3) null, primary key ("connection_id", "question", "repeat_key"));`,
    );
  }
}
