import { types } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { bigInteger, instant, text } from '../../database/columns.ts';

export type CodePatternKind = 'RANDOM' | 'SEQUENTIAL' | 'SHARED';

/**
 * The shape of codes. All batches of one random pattern take consecutive index ranges of one keyed permutation,
 * so that codes are unique over the hub though none is stored.
 */
@Entity({ tableName: 'code_pattern' })
@Unique({ properties: ['kind', 'prefix', 'length', 'alphabet', 'checkCharacter'] })
export class CodePattern {
  @PrimaryKey({ type: types.integer, autoincrement: true })
  id!: number;

  @Property(text())
  kind!: CodePatternKind;

  /** RANDOM, SEQUENTIAL: what codes begin with. SHARED: the word. */
  @Property(text())
  prefix!: string;

  /** RANDOM: characters after the prefix. SEQUENTIAL: the whole code with its prefix. SHARED: 0. */
  @Property({ type: types.integer })
  length!: number;

  /** Empty but for RANDOM. */
  @Property(text())
  alphabet!: string;

  @Property({ type: types.boolean })
  checkCharacter!: boolean;

  /** RANDOM: the first index no batch has taken. */
  @Property({ type: bigInteger })
  nextIndex!: number;

  @Property(instant())
  createdAt!: Date;
}
