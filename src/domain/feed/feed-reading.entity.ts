import { types } from '@mikro-orm/core';
import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { instant, json, text, textArray } from '../../database/columns.ts';
import type { FeedPosition } from './feed.types.ts';

/** How far a feed of a connection was read: by the schedule, or by a back-fill; by location where the platform wants it. */
@Entity({ tableName: 'feed_reading' })
@Index({ name: 'feed_reading_due', properties: ['nextAt'], where: 'asked' })
@Index({ name: 'feed_reading_backfill', properties: ['backfillId'], where: "backfill_id <> ''" })
export class FeedReading {
  @PrimaryKey(text())
  connectionId!: string;

  /** Empty for what the schedule reads. */
  @PrimaryKey(text())
  backfillId!: string;

  @PrimaryKey(text())
  feed!: string;

  /** The platform's; empty where the feed is not read by location. */
  @PrimaryKey(text())
  location!: string;

  /** It is to be read on, and whoever asked for it may be waiting. */
  @Property({ type: types.boolean })
  asked!: boolean;

  /** Not before. */
  @Property(instant())
  nextAt!: Date;

  /** The process that reads it (worker-identity.ts). */
  @Property({ type: types.integer, nullable: true })
  owner!: number | null;

  @Property({ ...json(), nullable: true })
  position!: FeedPosition | null;

  /** What the pages of the window under way have listed, where the feed's windows are complete. */
  @Property(textArray())
  listed!: string[];

  /** What complete windows did not list and the platform has all the same, with when it was asked (epoch ms). */
  @Property(json())
  confirmed!: Record<string, number>;

  /** Everything up to here is in. */
  @Property(instant())
  readUpTo!: Date;

  /** Failed attempts since the last page. */
  @Property({ type: types.integer, default: 0 })
  failures!: number;

  @Property({ ...text(), nullable: true })
  lastError!: string | null;

  @Property({ ...instant(), nullable: true })
  lastReadAt!: Date | null;

  /** Of a back-fill: how it ended, DONE or FAILED. */
  @Property({ ...text(), nullable: true })
  ended!: 'DONE' | 'FAILED' | null;

  /** Of a back-fill. */
  @Property({ type: types.integer, default: 0 })
  windowsTotal!: number;

  @Property({ type: types.integer, default: 0 })
  windowsDone!: number;

  @Property({ type: types.integer, default: 0 })
  factsTaken!: number;
}
