import type pg from 'pg';
import { HubError } from '../shared/errors.ts';
import type { Keyring } from '../shared/keyring.ts';

/**
 * Codes, voucher ids and sealed credentials hang on the hub's secret: with another one every printed code would be unknown.
 * The first start leaves a check value, which tells nothing of the secret; any other secret is refused before it can do harm.
 */
export async function checkSecret(pool: pg.Pool, keyring: Keyring): Promise<void> {
  const mine = keyring.derive('check').toString('hex');
  const { rows } = await pool.query<{ value: string }>(
    "insert into setting (name, value) values ('secret-check', $1) on conflict (name) do update set value = setting.value returning value",
    [mine],
  );
  if (rows[0]?.value !== mine) {
    throw new HubError(
      'UNAVAILABLE',
      'This database was made with another secret key. Set VALEHUB_SECRET_KEY, or put secret.key into the data folder, as it was when the database was made.',
    );
  }
}
