import { types } from '@mikro-orm/core';
import { Entity, Index, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { instant, json, text } from '../../database/columns.ts';
import type { GrantStatus } from './connection.types.ts';

/** What a log-in gave, kept once for all connections that share it. */
@Entity({ tableName: 'credential_grant' })
export class CredentialGrant {
  @PrimaryKey(text())
  id!: string;

  /** The connection or App that it was made for. */
  @Property(text())
  @Unique()
  holder!: string;

  @Property(text())
  connectorId!: string;

  /** The credential's secrets with their times as JSON, sealed by the hub's key; null before the first log-in. */
  @Property({ ...text(), nullable: true, hidden: true })
  credential!: string | null;

  /** What the token reply or the callback told; laid over the facts of the connections. */
  @Property(json())
  facts!: Record<string, string>;

  @Property(text())
  status!: GrantStatus;

  /** Of a dead one: the platform's words. */
  @Property({ ...text(), nullable: true })
  deadReason!: string | null;

  @Property({ ...instant(), nullable: true })
  expiresAt!: Date | null;

  /** Dies when it is not renewed by then, used or not. */
  @Property({ ...instant(), nullable: true })
  useBefore!: Date | null;

  /** When a person last agreed in a browser. */
  @Property({ ...instant(), nullable: true })
  authorizedAt!: Date | null;

  /** A renewal began and nobody knows how it ended: under way, or its process died over it. */
  @Property({ ...instant(), nullable: true })
  renewingSince!: Date | null;

  /** When it is renewed though nobody needs it; null = never. */
  @Property({ ...instant(), nullable: true })
  @Index()
  renewAt!: Date | null;

  /** Goes up with each change; caches go by it. */
  @Property({ type: types.integer })
  version!: number;

  @Property(instant())
  createdAt!: Date;

  @Property(instant())
  updatedAt!: Date;
}
