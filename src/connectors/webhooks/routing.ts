import type { Connector, Delivery, Notice, Plain } from '@valehub/connector-kit';
import type pg from 'pg';
import type { NoticeReason, NoticeState } from '../../domain/connection/connection.types.ts';
import { storableText } from '../../domain/connection/storable.ts';
import type { ConnectionBook } from '../connections/connection-book.ts';
import type { Runnable } from '../runner/connector-runner.ts';
import { runnable } from '../runner/runnable.ts';

/** A notice, and where it goes: to a connection to be worked, or only kept. */
export interface SortedNotice {
  readonly notice: Notice;
  /** Null: nobody has connected its account. */
  readonly connectionId: string | null;
  readonly state: Extract<NoticeState, 'PENDING' | 'IGNORED' | 'UNCLAIMED'>;
  readonly reason: NoticeReason | null;
}

/** `connectionOf`: the connection of an account, null where there is none. */
export function sorted(connector: Connector, notice: Notice, connectionOf: (account: string | undefined) => string | null): SortedNotice {
  const connectionId = connectionOf(notice.account);
  if (notice.ours === true) return { notice, connectionId, state: 'IGNORED', reason: 'OWN_ECHO' };
  if (!connector.webhooks?.topics.includes(notice.topic)) return { notice, connectionId, state: 'IGNORED', reason: 'UNKNOWN_TOPIC' };
  if (connectionId === null) return { notice, connectionId, state: 'UNCLAIMED', reason: 'UNKNOWN_ACCOUNT' };
  return { notice, connectionId, state: 'PENDING', reason: null };
}

/** The topic of a delivery that is kept whole, for its connector could not split it. */
export const UNREAD = '(unread)';

/** No repeat of another, whatever its bytes: what it says is told apart once it is split. */
export const unread = (delivery: Delivery, connectionId: string): SortedNotice => ({
  notice: { topic: UNREAD, body: delivery as unknown as Plain, repeat: { key: `${UNREAD} ${delivery.receivedAt} ${delivery.bodyHash}` } },
  connectionId,
  state: 'PENDING',
  reason: null,
});

/** The connections of an App by the accounts that notices name; of two of one account the older. */
export async function connectionsOf(
  pool: pg.Pool,
  appId: string,
  notices: readonly Pick<Notice, 'account'>[],
): Promise<ReadonlyMap<string, string>> {
  const accounts = [...new Set(notices.flatMap(({ account }) => account ?? []))];
  if (accounts.length === 0) return new Map();
  const { rows } = await pool.query<{ account: string; id: string }>(
    `select distinct on (account) account, id from connection
     where app_id = $1 and account = any($2) and status <> 'DISCONNECTED' order by account, created_at, id`,
    [appId, accounts.map(storableText)],
  );
  return new Map(rows.map(({ account, id }) => [account, id]));
}

/** The connection of an App by an account; null where nobody has connected it. */
export async function connectionOf(
  pool: pg.Pool,
  book: ConnectionBook,
  appId: string,
  account: string | undefined,
): Promise<Runnable | null> {
  const [id] = (await connectionsOf(pool, appId, [{ account }])).values();
  return runnable(id === undefined ? undefined : await book.get(id));
}
