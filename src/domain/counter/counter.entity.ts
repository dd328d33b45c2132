import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { bigInteger, text } from '../../database/columns.ts';

/** A limit, budget or count, by key (decision/counter-keys.ts). Changes only in conditional statements. */
@Entity({ tableName: 'counter' })
export class Counter {
  @PrimaryKey({ ...text(), columnType: 'text collate "C"' })
  key!: string;

  @Property({ type: bigInteger })
  used!: number;

  /** Set aside by active holds. */
  @Property({ type: bigInteger })
  held!: number;
}
