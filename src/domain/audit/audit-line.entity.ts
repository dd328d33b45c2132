import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { bigInteger, instant, json, text } from '../../database/columns.ts';

/** Who changed what, when, from what into what. Written in the transaction of the change; holds no secrets and nothing personal. */
@Entity({ tableName: 'audit_line' })
@Index({ properties: ['at', 'id'] })
@Index({ properties: ['subjectId', 'id'] })
@Index({ properties: ['actorId', 'id'] })
export class AuditLine {
  @PrimaryKey({ type: bigInteger, autoincrement: true })
  id!: number;

  @Property(instant())
  at!: Date;

  /** The API key, or the connection whose order it was. */
  @Property(text())
  actorId!: string;

  /** The mutation. */
  @Property(text())
  operation!: string;

  /** Id of what was changed; null where there is no one thing. */
  @Property({ ...text(), nullable: true })
  subjectId!: string | null;

  @Property({ ...json(), nullable: true })
  before!: unknown;

  @Property({ ...json(), nullable: true })
  after!: unknown;
}
