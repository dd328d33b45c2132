import type pg from 'pg';
import { instantText } from '../shared/clock.ts';
import { orderKey } from '../shared/order-key.ts';
import type { GoneOrder, PlatformOrder } from './order.types.ts';

type Runner = Pick<pg.Pool, 'query'>;

/** Of a platform's order that went before anybody had told of it. */
const SCOPE = 'orderGone';

/** In a statement: whether the order of which `place` is the key went before it came. */
export const wentBefore = (place: string): string => `exists (select from idempotency where scope = '${SCOPE}' and key = ${place})`;

/** What the platform says of the order up to this revision is of before it went. `now`: epoch ms. */
export async function rememberGone(run: Runner, { connectionId, externalId, revision, fetchedAt }: GoneOrder, now: number): Promise<void> {
  await run.query(
    `insert into idempotency (scope, key, input_hash, answer, created_at) values ('${SCOPE}', $1, '', $2, $3)
     on conflict (scope, key) do update set answer = excluded.answer
     where (idempotency.answer ->> 'revision')::bigint < (excluded.answer ->> 'revision')::bigint`,
    [orderKey(connectionId, externalId), JSON.stringify({ revision: revision ?? fetchedAt }), instantText(now)],
  );
}

/** Whether what comes now was said before the order went: events of a platform overtake one another. */
export async function isGone(run: Runner, source: string, { externalId, revision }: PlatformOrder): Promise<boolean> {
  const { rows } = await run.query<{ with: number }>(
    `select (answer ->> 'revision')::bigint as "with" from idempotency where scope = '${SCOPE}' and key = $1`,
    [orderKey(source, externalId)],
  );
  const [gone] = rows;
  return gone !== undefined && (revision ?? gone.with) <= gone.with;
}
