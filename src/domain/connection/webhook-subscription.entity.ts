import { types } from '@mikro-orm/core';
import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { instant, json, text } from '../../database/columns.ts';
import type { KeptSubscription } from './connection.types.ts';

/** All that is subscribed at a platform for one connection, or once for an App. */
@Entity({ tableName: 'webhook_subscription' })
export class WebhookSubscription {
  /** The connection or the App. */
  @PrimaryKey(text())
  holder!: string;

  @Property(text())
  connectorId!: string;

  /** Which version of the plugin set it up. */
  @Property(text())
  connectorVersion!: string;

  /** The address that the platform was told. */
  @Property(text())
  url!: string;

  @Property(json())
  subscriptions!: readonly KeptSubscription[];

  /** Keys that the platform gave, by subscription and name, as JSON, sealed by the hub's key. */
  @Property({ ...text(), nullable: true, hidden: true })
  secrets!: string | null;

  /** Keys that were replaced and verify for a while still; sealed, by name. */
  @Property({ ...text(), nullable: true, hidden: true })
  previousSecrets!: string | null;

  @Property({ ...instant(), nullable: true })
  previousUntil!: Date | null;

  @Property({ ...instant(), nullable: true })
  ensuredAt!: Date | null;

  /** When it is looked after next. */
  @Property(instant())
  @Index()
  dueAt!: Date;

  /** Failed ones since it last went well. */
  @Property({ type: types.integer, default: 0 })
  attempts!: number;

  /** Goes up with each look; who waited for another's look goes by it. */
  @Property({ type: types.integer })
  version!: number;

  @Property(instant())
  updatedAt!: Date;
}
