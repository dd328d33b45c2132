import type { HubDiscount, HubDocument, Resource, Revision } from '@valehub/connector-kit';
import type pg from 'pg';
import { storableJson, storableText } from '../../domain/connection/storable.ts';

const numberOf = (revision: Revision | undefined, fetchedAt: number): number =>
  revision === undefined ? fetchedAt : 'version' in revision ? revision.version : Date.parse(revision.at);

const text = (value: string | undefined): string | null => (value === undefined ? null : storableText(value));

/** What platforms tell besides orders, as they have it. An older revision never overwrites a newer one. */
export class PlatformRecords {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async linkCustomer(connectionId: string, externalId: string, customerId: string, nowMs: number): Promise<void> {
    await this.#pool.query(
      `insert into customer_link (connection_id, external_id, customer_id, seen_at) values ($1, $2, $3, $4)
       on conflict (connection_id, external_id) do update set customer_id = excluded.customer_id, seen_at = excluded.seen_at`,
      [connectionId, storableText(externalId), customerId, new Date(nowMs)],
    );
  }

  /** Null where the platform has not told of them. */
  async customerOf(connectionId: string, externalId: string | undefined): Promise<string | null> {
    if (externalId === undefined) return null;
    const { rows } = await this.#pool.query<{ customerId: string }>(
      'select customer_id as "customerId" from customer_link where connection_id = $1 and external_id = $2',
      [connectionId, storableText(externalId)],
    );
    return rows[0]?.customerId ?? null;
  }

  async discount(connectionId: string, discount: HubDiscount, fetchedAt: number): Promise<void> {
    const { externalId, name, code, state, used, revision } = discount;
    await this.#pool.query(
      `insert into platform_discount as known (connection_id, external_id, name, code, state, used, revision, seen_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (connection_id, external_id) do update set name = excluded.name, code = excluded.code, state = excluded.state,
         used = coalesce(excluded.used, known.used), revision = excluded.revision, seen_at = excluded.seen_at
       where known.revision <= excluded.revision`,
      [
        connectionId,
        storableText(externalId),
        storableText(name),
        text(code),
        state,
        used ?? null,
        numberOf(revision, fetchedAt),
        new Date(fetchedAt),
      ],
    );
  }

  /** `externalId` is there: the host asks for no other. */
  async document(connectionId: string, externalId: string, document: HubDocument, fetchedAt: number): Promise<void> {
    await this.#pool.query(
      `insert into platform_document as known (connection_id, external_id, kind, number, reference, day, currency, total, status, body, revision, seen_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11, $12)
       on conflict (connection_id, external_id) do update set kind = excluded.kind, number = excluded.number, reference = excluded.reference, day = excluded.day,
         currency = excluded.currency, total = excluded.total, status = excluded.status, body = excluded.body, revision = excluded.revision, seen_at = excluded.seen_at
       where known.revision <= excluded.revision`,
      [
        connectionId,
        storableText(externalId),
        document.kind,
        text(document.number),
        storableText(document.reference),
        document.day,
        document.currency,
        document.total?.minor ?? null,
        text(document.status),
        storableJson(document),
        numberOf(document.revision, fetchedAt),
        new Date(fetchedAt),
      ],
    );
  }

  /** The platform has it no more. */
  async gone(connectionId: string, resource: Resource, externalId: string): Promise<void> {
    const id = storableText(externalId);
    if (resource === 'discount')
      await this.#pool.query(`update platform_discount set state = 'GONE' where connection_id = $1 and external_id = $2`, [
        connectionId,
        id,
      ]);
    if (resource === 'document')
      await this.#pool.query(`update platform_document set status = 'GONE' where connection_id = $1 and external_id = $2`, [
        connectionId,
        id,
      ]);
    if (resource === 'customer')
      await this.#pool.query('delete from customer_link where connection_id = $1 and external_id = $2', [connectionId, id]);
  }
}
