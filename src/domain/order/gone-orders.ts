import type pg from 'pg';
import { instantText } from '../shared/clock.ts';
import type { PlatformOrder } from './order.types.ts';

type Runner = Pick<pg.Pool, 'query'>;

/** Of a platform's order that went before anybody had told of it. */
const SCOPE = 'orderGone';

/** An order as a key. */
export const orderKey = (source: string, externalId: string): string => JSON.stringify([source, externalId]);

/** In a statement: whether the order of which `place` is the key went before it came. */
export const wentBefore = (place: string): string => `exists (select from idempotency where scope = '${SCOPE}' and key = ${place})`;

/** `at`: epoch ms; what the platform says of the order up to then is of before it went. */
export async function rememberGone(run: Runner, source: string, externalId: string, at: number): Promise<void> {
  await run.query(
    `insert into idempotency (scope, key, input_hash, answer, created_at) values ('${SCOPE}', $1, '', $2, $3)
     on conflict (scope, key) do update set answer = excluded.answer`,
    [orderKey(source, externalId), JSON.stringify({ at }), instantText(at)],
  );
}

/** Whether what comes now was said before the order went: events of a platform overtake one another. */
export async function isGone(run: Runner, source: string, { externalId, revision }: PlatformOrder): Promise<boolean> {
  const { rows } = await run.query<{ at: number }>(
    `select (answer ->> 'at')::bigint as at from idempotency where scope = '${SCOPE}' and key = $1`,
    [orderKey(source, externalId)],
  );
  const [gone] = rows;
  return gone !== undefined && (revision ?? gone.at) <= gone.at;
}
