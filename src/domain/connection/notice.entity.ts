import { types } from '@mikro-orm/core';
import { Entity, Index, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import type { Plain } from '@valehub/connector-kit';
import { bigInteger, instant, json, text } from '../../database/columns.ts';
import type { NoticeReason, NoticeState } from './connection.types.ts';

/** One thing that a platform said about one resource of one account. Ids ascend in the order of arrival. */
@Entity({ tableName: 'notice' })
@Unique({ properties: ['connectionId', 'repeatKey'] })
@Unique({ properties: ['appId', 'repeatKey'] })
@Index({ properties: ['deliveryId'] })
@Index({ name: 'notice_lane', properties: ['connectionId', 'lane', 'id'], where: "state in ('PENDING', 'RUNNING')" })
@Index({ name: 'notice_due', properties: ['background', 'nextAt', 'id'], where: "state in ('PENDING', 'RUNNING')" })
@Index({ name: 'notice_known', properties: ['connectionId', 'lane', 'id'] })
@Index({ name: 'notice_kept', properties: ['connectionId', 'reason'], where: "state in ('PARKED', 'UNCLAIMED')" })
@Index({ name: 'notice_unclaimed', properties: ['appId', 'account'], where: "state = 'UNCLAIMED' and connection_id is null" })
export class Notice {
  @PrimaryKey({ type: bigInteger, autoincrement: true })
  id!: number;

  /** Null while nobody has connected the account. */
  @Property({ ...text(), nullable: true })
  connectionId!: string | null;

  /** The App at whose address it came in; null where it came to the connection's own. */
  @Property({ ...text(), nullable: true })
  appId!: string | null;

  /** Null where it did not come by webhook. */
  @Property({ ...text(), nullable: true })
  deliveryId!: string | null;

  @Property(text())
  topic!: string;

  @Property({ ...text(), nullable: true })
  account!: string | null;

  @Property({ ...text(), nullable: true })
  location!: string | null;

  /** Notices of one lane are worked one after the other: the resource, else the notice alone. */
  @Property(text())
  lane!: string;

  /** The platform's key of it, behind an App with the account; null on a signal that was begun, so that the next one is a new one. */
  @Property({ ...text(), nullable: true })
  repeatKey!: string | null;

  /** The plugin's own notice, as it is handed back to it; where `readAt` is set, a fact of a feed. */
  @Property(json())
  body!: Plain;

  /** When the reading of a feed began that brought it. */
  @Property({ ...instant(), nullable: true })
  readAt!: Date | null;

  /** Of a feed's fact: a page that says the same again leaves nothing (reading-store.ts). */
  @Property({ ...text(), nullable: true })
  contentHash!: string | null;

  /** Of a back-fill: worked when nothing else is due. */
  @Property({ type: types.boolean, default: false })
  background!: boolean;

  /** False where the platform does not sign: then it is only a hint, and what it is about is fetched. */
  @Property({ type: types.boolean })
  signed!: boolean;

  @Property(text())
  state!: NoticeState;

  @Property({ ...text(), nullable: true })
  reason!: NoticeReason | null;

  @Property({ type: types.integer, default: 0 })
  attempts!: number;

  @Property(instant())
  nextAt!: Date;

  @Property({ type: types.integer, nullable: true })
  owner!: number | null;

  @Property({ ...text(), nullable: true })
  lastError!: string | null;

  @Property(instant())
  receivedAt!: Date;

  @Property({ ...instant(), nullable: true })
  settledAt!: Date | null;
}
