import type pg from 'pg';
import type { KeptSubscription } from '../../domain/connection/connection.types.ts';
import { storableJson } from '../../domain/connection/storable.ts';
import { KEEP_PREVIOUS_MS } from '../connections/active-keys.rules.ts';
import { CONNECTIONS_CHANNEL } from '../connections/connection-book.ts';
import type { KeyValues, SecretBox } from '../connections/secret-box.ts';
import { dueAtMs, type Keeping, type SubscriptionSecrets, together } from './subscription.rules.ts';

/** What is subscribed for a connection or an App. */
export interface Subscribed {
  readonly holder: string;
  readonly url: string;
  readonly subscriptions: readonly KeptSubscription[];
  readonly secrets: SubscriptionSecrets;
  readonly previous: KeyValues;
  readonly attempts: number;
  readonly version: number;
}

interface Row extends Omit<Subscribed, 'secrets' | 'previous'> {
  readonly secrets: string | null;
  readonly previous: string | null;
}

export interface Ensured extends Keeping {
  readonly holder: string;
  readonly connectorId: string;
  readonly connectorVersion: string;
  readonly url: string;
  readonly before: Subscribed | undefined;
}

export class SubscriptionStore {
  readonly #pool: pg.Pool;
  readonly #box: SecretBox;

  constructor(pool: pg.Pool, box: SecretBox) {
    this.#pool = pool;
    this.#box = box;
  }

  async find(holder: string, nowMs: number): Promise<Subscribed | undefined> {
    const { rows } = await this.#pool.query<Row>(
      `select holder, url, subscriptions, secrets, case when previous_until > $2 then previous_secrets end as previous, attempts, version
       from webhook_subscription where holder = $1`,
      [holder, new Date(nowMs)],
    );
    const [row] = rows;
    return (
      row && {
        ...row,
        secrets: this.#box.ofSubscriptions(holder, row.secrets),
        previous: this.#box.keyValues('subscription', holder, row.previous),
      }
    );
  }

  /** Keeps what is subscribed now, with the address under which the platform knows the hub from now on. */
  async save({ holder, connectorId, connectorVersion, url, before, ...keeping }: Ensured, nowMs: number): Promise<void> {
    const isReplacing = Object.keys(keeping.replaced).length > 0;
    const previous = together([before?.previous ?? {}, keeping.replaced]);
    await this.#pool.query(
      `with kept as (
         insert into webhook_subscription (holder, connector_id, connector_version, url, subscriptions, secrets, previous_secrets, previous_until, ensured_at, due_at, attempts, version, updated_at)
         values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9, $10, 0, 1, $9)
         on conflict (holder) do update set connector_version = excluded.connector_version, url = excluded.url, subscriptions = excluded.subscriptions,
           secrets = excluded.secrets, previous_secrets = excluded.previous_secrets,
           previous_until = case when $11 then excluded.previous_until else webhook_subscription.previous_until end,
           ensured_at = excluded.ensured_at, due_at = excluded.due_at, attempts = 0, version = webhook_subscription.version + 1, updated_at = excluded.updated_at
         returning holder),
       moved as (update connection set webhook_url = $4 where id = $1 and webhook_url is distinct from $4 returning id),
       moved_app as (update app set webhook_url = $4 where id = $1 and webhook_url is distinct from $4 returning id)
       select pg_notify('${CONNECTIONS_CHANNEL}', holder) from kept`,
      [
        holder,
        connectorId,
        connectorVersion,
        url,
        storableJson(keeping.subscriptions),
        this.#box.seal('subscription', holder, keeping.secrets),
        this.#box.seal('subscription', holder, previous),
        new Date(nowMs + KEEP_PREVIOUS_MS),
        new Date(nowMs),
        new Date(dueAtMs(keeping.subscriptions, nowMs)),
        isReplacing,
      ],
    );
  }

  /** It did not go well; what is subscribed stays as it was known. */
  async failed(holder: string, connectorId: string, url: string, dueAt: Date, now: Date): Promise<void> {
    await this.#pool.query(
      `insert into webhook_subscription (holder, connector_id, connector_version, url, subscriptions, due_at, attempts, version, updated_at) values ($1, $2, '', $3, '[]', $4, 1, 1, $5)
       on conflict (holder) do update set due_at = excluded.due_at, attempts = webhook_subscription.attempts + 1, version = webhook_subscription.version + 1, updated_at = excluded.updated_at`,
      [holder, connectorId, url, dueAt, now],
    );
  }

  /** It was looked after. Where that set when it is due next, or somebody asked for it again, that stands. */
  async done(holder: string, lease: Date, next: Date): Promise<void> {
    await this.#pool.query('update webhook_subscription set due_at = $3 where holder = $1 and due_at = $2', [holder, lease, next]);
  }

  async remove(holder: string): Promise<void> {
    await this.#pool.query(
      `with gone as (delete from webhook_subscription where holder = $1 returning holder) select pg_notify('${CONNECTIONS_CHANNEL}', holder) from gone`,
      [holder],
    );
  }

  /** Those that are to be looked after now; nobody else is given them for as long as `lease`. */
  async due(now: Date, lease: Date, room: number): Promise<readonly string[]> {
    const { rows } = await this.#pool.query<{ holder: string }>(
      `update webhook_subscription set due_at = $2 where holder in
         (select holder from webhook_subscription where due_at <= $1 order by due_at limit $3 for update skip locked) returning holder`,
      [now, lease, room],
    );
    return rows.map(({ holder }) => holder);
  }

  /** At the start of a process: what another version of its plugin set up, for another address, or more than an hour ago. */
  async dueAtStart(versions: Readonly<Record<string, string>>, publicUrl: string, nowMs: number): Promise<void> {
    await this.#pool.query(
      `update webhook_subscription set due_at = $1 where due_at > $1
         and (ensured_at is null or ensured_at < $2 or connector_version is distinct from $3::jsonb ->> connector_id or not starts_with(url, $4))`,
      [new Date(nowMs), new Date(nowMs - 60 * 60_000), JSON.stringify(versions), `${publicUrl}/`],
    );
  }
}
