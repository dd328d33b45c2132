import type { Delivery, Notice } from '@valehub/connector-kit';
import type pg from 'pg';
import type { Clock } from '../../domain/shared/clock.ts';
import type { Attention } from '../connections/attention.ts';
import type { Runnable } from '../runner/connector-runner.ts';
import { storeArrival } from './delivery-store.ts';
import { connectionsOf, type SortedNotice, sorted, unread } from './routing.ts';
import { claimKept } from './unclaimed.ts';

export interface ArrivalDeps {
  readonly pool: pg.Pool;
  readonly attention: Attention;
  readonly clock: Clock;
}

/** What a platform sent, and where. */
export interface Come {
  readonly live: Runnable;
  /** The App at whose address it came; null = the connection's own. */
  readonly appId: string | null;
  readonly delivery: Delivery;
  readonly raw: Uint8Array;
  /** Of a delivery that is kept already. */
  readonly deliveryId?: string;
  /** Whether to tell other processes, for none works in this one. */
  readonly tellOthers: boolean;
}

/** Keeps a delivery by what it says; gives how many notices were new. Behind an App each goes to the connection of its account. */
export async function keepNotices(deps: ArrivalDeps, come: Come, notices: readonly Notice[]): Promise<number> {
  const { live, appId } = come;
  const known = appId === null ? null : await connectionsOf(deps.pool, appId, notices);
  const connectionOf = (account: string | undefined): string | null =>
    known === null ? live.id : account === undefined ? null : (known.get(account) ?? null);
  const all = notices.map((notice) => sorted(live.connector, notice, connectionOf));
  const taken = await storeArrival(deps.pool, { ...come, connectionId: appId === null ? live.id : null, notices: all }, deps.clock.now());
  if (appId !== null) await nobodys(deps, appId, all);
  return taken;
}

/**
 * Keeps a delivery that the connector could not split, to be split later by the worker: as soon as the connector can, or when a person has it
 * worked again. False where no connection is there to do it.
 */
export async function keepUnread(deps: ArrivalDeps, come: Come): Promise<boolean> {
  const { live, appId } = come;
  const connectionId = appId === null ? live.id : await anyConnectionOf(deps.pool, appId);
  if (connectionId === null) return false;
  await storeArrival(
    deps.pool,
    { ...come, connectionId: appId === null ? live.id : null, notices: [unread(come.delivery, connectionId)] },
    deps.clock.now(),
  );
  return true;
}

async function anyConnectionOf(pool: pg.Pool, appId: string): Promise<string | null> {
  const { rows } = await pool.query<{ id: string }>(
    `select id from connection where app_id = $1 and status <> 'DISCONNECTED' order by created_at, id limit 1`,
    [appId],
  );
  return rows[0]?.id ?? null;
}

/** What is of no account that is connected: a person hears of it, and an account that was connected just now gets what is its own. */
async function nobodys(deps: ArrivalDeps, appId: string, notices: readonly SortedNotice[]): Promise<void> {
  const kept = notices.find(({ state }) => state === 'UNCLAIMED');
  if (kept === undefined || (await claimKept(deps.pool, appId)) > 0) return;
  const { account } = kept.notice;
  const whose = account === undefined ? 'Events that name no account' : `Events of the account ${account}, which is not connected,`;
  await deps.attention.tellApp(appId, `${whose} are kept and not worked${account === undefined ? '.' : ' until somebody connects it.'}`);
}
