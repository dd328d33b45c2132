import { types } from '@mikro-orm/core';
import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { instant, json, text } from '../../database/columns.ts';
import type { DeliveryState } from './connection.types.ts';

/** One verified HTTP request of a platform, as it came. Repeats are stored too: what repeats is a notice, never a delivery. */
@Entity({ tableName: 'webhook_delivery' })
@Index({ name: 'webhook_delivery_open', properties: ['nextAt'], where: "state in ('STORED', 'RUNNING')" })
export class WebhookDelivery {
  @PrimaryKey(text())
  id!: string;

  @Property(text())
  @Index()
  connectionId!: string;

  @Property(text())
  method!: string;

  /** Lower-case names; what could carry a credential is not kept. */
  @Property(json())
  headers!: Record<string, string>;

  @Property(json())
  query!: Record<string, string>;

  /** The bytes that were signed. */
  @Property({ type: types.blob })
  body!: Uint8Array;

  @Property(text())
  state!: DeliveryState;

  @Property({ type: types.integer, default: 0 })
  attempts!: number;

  @Property(instant())
  nextAt!: Date;

  /** The worker process that has it; see work-claim.ts. */
  @Property({ type: types.integer, nullable: true })
  owner!: number | null;

  @Property({ ...text(), nullable: true })
  lastError!: string | null;

  @Property(instant())
  receivedAt!: Date;
}
