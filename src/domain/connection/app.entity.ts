import { types } from '@mikro-orm/core';
import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { instant, json, text } from '../../database/columns.ts';
import type { PlainRecord } from './connection.types.ts';

/** A developer app at a platform: client id and secret, signing keys; entered once, shared by connections. */
@Entity({ tableName: 'app' })
export class App {
  @PrimaryKey(text())
  id!: string;

  @Property(text())
  @Index()
  connectorId!: string;

  @Property(text())
  name!: string;

  /** As parsed by the connector's `app` schema, without its secrets. */
  @Property(json())
  settings!: PlainRecord;

  /** The secrets among the settings as JSON, sealed by the hub's key. */
  @Property({ ...text(), nullable: true, hidden: true })
  secrets!: string | null;

  /** What verified before they were changed, and still does for a while; sealed, by name. */
  @Property({ ...text(), nullable: true, hidden: true })
  previousSecrets!: string | null;

  @Property({ ...instant(), nullable: true })
  previousUntil!: Date | null;

  /** As registered at the platform; null where it calls nobody. */
  @Property({ ...text(), nullable: true })
  webhookUrl!: string | null;

  @Property({ ...text(), nullable: true })
  lastError!: string | null;

  @Property({ ...instant(), nullable: true })
  lastErrorAt!: Date | null;

  @Property({ type: types.integer })
  version!: number;

  @Property(instant())
  createdAt!: Date;

  @Property(instant())
  updatedAt!: Date;
}
