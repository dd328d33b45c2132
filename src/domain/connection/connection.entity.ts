import { types } from '@mikro-orm/core';
import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { instant, json, text } from '../../database/columns.ts';
import type { AccountChoice, ConnectionStatus, PlainRecord } from './connection.types.ts';

/** A link to one account of a platform, through an installed connector. */
@Entity({ tableName: 'connection' })
@Index({ properties: ['appId', 'account'] })
export class Connection {
  @PrimaryKey(text())
  id!: string;

  @Property(text())
  @Index()
  connectorId!: string;

  /** The developer app whose secrets it uses. */
  @Property({ ...text(), nullable: true })
  appId!: string | null;

  /** Whose credential it uses, where its platform gives one. */
  @Property({ ...text(), nullable: true })
  @Index()
  grantId!: string | null;

  @Property(text())
  name!: string;

  /** The one store of a connection whose platform names no locations. */
  @Property({ ...text(), nullable: true })
  storeId!: string | null;

  /** As parsed by the connector's schema, without its secrets. */
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

  @Property(text())
  status!: ConnectionStatus;

  /** The platform's id of the account, once it answered the test call. */
  @Property({ ...text(), nullable: true })
  account!: string | null;

  @Property({ ...text(), nullable: true })
  accountName!: string | null;

  /** Where the credentials open several accounts: those among which a person chooses. */
  @Property({ ...json(), nullable: true })
  accounts!: readonly AccountChoice[] | null;

  /** What this very account can do less than the connector says. */
  @Property({ ...json(), nullable: true })
  capabilities!: PlainRecord | null;

  /** What the platform told of itself: data centre, plan, registers. */
  @Property(json())
  facts!: Record<string, string>;

  /** As registered at the platform: what it signs, whatever the hub's address is today. */
  @Property({ ...text(), nullable: true })
  webhookUrl!: string | null;

  @Property({ ...text(), nullable: true })
  lastError!: string | null;

  @Property({ ...instant(), nullable: true })
  lastErrorAt!: Date | null;

  /** When the test call last went through. */
  @Property({ ...instant(), nullable: true })
  checkedAt!: Date | null;

  /** When it is looked after next; null where nothing is left to look after. */
  @Property({ ...instant(), nullable: true })
  @Index()
  upkeepAt!: Date | null;

  /** It is to be tested then: what it shares with others was changed. */
  @Property({ type: types.boolean, default: false })
  retest!: boolean;

  @Property({ ...instant(), nullable: true })
  disconnectedAt!: Date | null;
  /** Until then nothing is called, as the platform has been failing. */
  @Property({ ...instant(), nullable: true })
  circuitOpenUntil!: Date | null;

  /** Goes up with each change by a person: of two at once the later is refused. What the hub notes by itself does not count. */
  @Property({ type: types.integer })
  version!: number;

  @Property(instant())
  createdAt!: Date;

  @Property(instant())
  updatedAt!: Date;
}
