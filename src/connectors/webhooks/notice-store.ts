import type { Fact, Notice } from '@valehub/connector-kit';
import type pg from 'pg';
import { inTransaction } from '../../database/transaction.ts';
import type { NoticeReason, NoticeState } from '../../domain/connection/connection.types.ts';
import { storableText } from '../../domain/connection/storable.ts';
import { takeTurn } from '../runner/claim-turn.ts';
import { deadOwners } from '../runner/worker-identity.ts';
import { claimKept } from './unclaimed.ts';

/** Claims of all processes stand in line for a moment, so that no two of them ever work in one lane. */
const CLAIM_LOCK = 8_254_034;
/** A notice whose process died may be what killed it: it comes sooner to the end of its attempts. */
const ATTEMPTS_OF_A_DEATH = 15;

/** By webhook comes the connector's own notice; by a feed a fact, and when its reading began. */
export type ClaimedNotice = ClaimedRow &
  ({ readonly readAt: null; readonly body: Notice } | { readonly readAt: Date; readonly body: Fact });

interface ClaimedRow {
  readonly id: number;
  readonly connectionId: string;
  readonly deliveryId: string | null;
  readonly appId: string | null;
  readonly account: string | null;
  readonly topic: string;
  readonly attempts: number;
  readonly signed: boolean;
  readonly owner: number;
}

export interface SettledNotice {
  readonly state: NoticeState;
  readonly reason: NoticeReason | null;
  readonly attempts: number;
  readonly nextAtMs: number;
  readonly error: string | null;
}

export class NoticeStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** Notices that were under way in a process that is no more. */
  async sweep(): Promise<void> {
    const dead = await deadOwners(this.#pool, 'notice', `state = 'RUNNING'`);
    if (dead.length === 0) return;
    await this.#pool.query(
      `update notice set state = 'PENDING', owner = null, attempts = attempts + $2 where state = 'RUNNING' and owner = any($1)`,
      [dead, ATTEMPTS_OF_A_DEATH],
    );
  }

  /** The oldest of each lane in which nothing is under way, as far as it is due; what a back-fill brings comes last. */
  async claim(owner: number, now: Date, room: number): Promise<readonly ClaimedNotice[]> {
    return inTransaction(this.#pool, async (client) => {
      await takeTurn(client, CLAIM_LOCK);
      const { rows } = await client.query<ClaimedNotice>({
        name: 'claim-notices',
        text: `with due as (
           select n.id from notice n join connection c on c.id = n.connection_id
           where n.state = 'PENDING' and n.next_at <= $2 and c.status not in ('PAUSED', 'DISCONNECTED')
             and not exists (select from notice b where b.connection_id = n.connection_id and b.lane = n.lane
               and (b.state = 'RUNNING' or (b.state = 'PENDING' and b.id < n.id)))
           order by n.background, n.next_at, n.id limit $3)
         update notice n set state = 'RUNNING', owner = $1, repeat_key = case when n.repeat_key like 'signal %' then null else n.repeat_key end
         from due where n.id = due.id
         returning n.id, n.connection_id as "connectionId", n.delivery_id as "deliveryId", n.app_id as "appId", n.account, n.topic, n.body, n.read_at as "readAt", n.attempts, n.signed, n.owner`,
        values: [owner, now, room],
      });
      return rows;
    });
  }

  /** For another attempt, now; a notice that is nobody's or somebody else's by now stays as it is. */
  async giveBack(notice: ClaimedNotice): Promise<void> {
    await this.#pool.query(
      `update notice set state = 'PENDING', owner = null, attempts = attempts + 1 where id = $1 and owner = $2 and state = 'RUNNING'`,
      [notice.id, notice.owner],
    );
  }

  async settle(notice: ClaimedNotice, settled: SettledNotice, now: Date): Promise<void> {
    await this.#pool.query({
      name: 'settle-notice',
      text: `update notice set state = $3, reason = $4, attempts = $5, next_at = $6, last_error = $7, owner = null,
         settled_at = case when $3 in ('PENDING', 'RUNNING') then null else $8::timestamptz end
       where id = $1 and owner = $2 and state = 'RUNNING'`,
      values: [
        notice.id,
        notice.owner,
        settled.state,
        settled.reason,
        settled.attempts,
        new Date(settled.nextAtMs),
        settled.error === null ? null : storableText(settled.error),
        now,
      ],
    });
  }

  /** Works kept notices of a connection again: those that waited for a person, and those of the account that it turned out to be. */
  async replay(connectionId: string, account: string | null, now: Date): Promise<number> {
    await claimKept(this.#pool);
    const { rowCount } = await this.#pool.query(
      `update notice set state = 'PENDING', reason = null, attempts = 0, next_at = $3, last_error = null, settled_at = null
       where connection_id = $1 and (state = 'PARKED' or (state = 'UNCLAIMED' and account = $2))`,
      [connectionId, account, now],
    );
    return rowCount ?? 0;
  }
}
