import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { text } from '../../database/columns.ts';

/** What the database knows of the deployment it belongs to. */
@Entity({ tableName: 'setting' })
export class Setting {
  @PrimaryKey(text())
  name!: string;

  @Property(text())
  value!: string;
}
