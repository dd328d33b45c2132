import { Entity, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { day, instant, text, textArray } from '../../database/columns.ts';

@Entity({ tableName: 'customer' })
export class Customer {
  @PrimaryKey(text())
  id!: string;

  @Property({ ...text(), nullable: true })
  name!: string | null;

  /** E.164 */
  @Property({ ...text(), nullable: true })
  @Unique()
  phone!: string | null;

  /** Lower case */
  @Property({ ...text(), nullable: true })
  @Unique()
  email!: string | null;

  @Property(textArray())
  groups!: string[];

  @Property({ ...day(), nullable: true })
  birthday!: string | null;

  @Property({ ...day(), nullable: true })
  anniversary!: string | null;

  @Property(instant())
  createdAt!: Date;
}
