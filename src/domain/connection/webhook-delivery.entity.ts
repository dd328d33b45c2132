import { types } from '@mikro-orm/core';
import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { instant, json, text } from '../../database/columns.ts';

/** One verified HTTP request of a platform that said something new, as it came. What was made of it are its notices. */
@Entity({ tableName: 'webhook_delivery' })
@Index({ properties: ['connectionId', 'receivedAt'] })
@Index({ name: 'webhook_delivery_of_app', properties: ['appId', 'id'], where: 'app_id is not null' })
@Index({ properties: ['connectionId', 'id'] })
export class WebhookDelivery {
  @PrimaryKey(text())
  id!: string;

  /** Null where it came to an App's address: its notices may be of several connections. */
  @Property({ ...text(), nullable: true })
  connectionId!: string | null;

  @Property({ ...text(), nullable: true })
  appId!: string | null;

  @Property(text())
  method!: string;

  /** Lower-case names; what carries a credential is not kept. */
  @Property(json())
  headers!: Record<string, string>;

  @Property(json())
  query!: Record<string, string>;

  /** As it came, byte for byte. */
  @Property({ type: types.blob })
  body!: Uint8Array;

  @Property(instant())
  receivedAt!: Date;
}
