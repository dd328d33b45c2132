import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import type { Plain } from '@valehub/connector-kit';
import { instant, json, text } from '../../database/columns.ts';

/** What a platform that waited for an answer was told, by its own id of the question. */
@Entity({ tableName: 'question_answer' })
export class QuestionAnswer {
  @PrimaryKey(text())
  connectionId!: string;

  /** The connector's name of it. */
  @PrimaryKey(text())
  question!: string;

  @PrimaryKey(text())
  repeatKey!: string;

  @Property({ ...json(), nullable: true })
  answer!: Plain;

  @Property(instant())
  askedAt!: Date;

  /** Until then one process works on it. */
  @Property(instant())
  claimedUntil!: Date;

  @Property({ ...instant(), nullable: true })
  answeredAt!: Date | null;
}
