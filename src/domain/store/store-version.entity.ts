import { types } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { instant, json, text } from '../../database/columns.ts';
import type { StoreTerms } from './store.types.ts';

/** A store as it was in one version: its zone, its taxes and its rules, by which its redemptions are explained. */
@Entity({ tableName: 'store_version' })
export class StoreVersion {
  @PrimaryKey(text())
  storeId!: string;

  @PrimaryKey({ type: types.integer })
  version!: number;

  @Property(json())
  content!: Omit<StoreTerms, 'id' | 'version'>;

  @Property(instant())
  at!: Date;
}
