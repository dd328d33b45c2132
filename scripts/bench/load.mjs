// Redemptions over HTTP as fast as so many clients get answers: by wrk where it is installed, else by a client of our own in a child process.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isInstalled, runProgram, runScript } from './processes.mjs';
import { LINES, REDEEM } from './scene.mjs';

export const loader = isInstalled('wrk') ? 'wrk' : 'node client';

/**
 * @param {{ url: string, restaurant: { storeId: string, keys: string[] }, folder: string, clients: number, seconds: number, tag: string, codes?: { path: string, from: number }, shared?: string, lines?: object[] }} task
 * @returns {Promise<{ requests: number, seconds: number, p50: number, p99: number, errors: number }>} p50 and p99 in milliseconds
 */
export async function redeemOnAndOn({ url, restaurant, folder, clients, seconds, tag, codes, shared, lines = LINES }) {
  if (loader !== 'wrk') return runScript('closed-loop.mjs', { url, restaurant, clients, seconds, tag, codes, shared, lines });
  const keys = join(folder, 'keys');
  writeFileSync(keys, restaurant.keys.join('\n'));
  const output = await runProgram('wrk', [
    ...[
      '-t',
      '1',
      '-c',
      String(clients),
      '-d',
      `${seconds}s`,
      '--timeout',
      '10s',
      '-s',
      fileURLToPath(new URL('redeem.lua', import.meta.url)),
      url,
      '--',
    ],
    ...[codes?.path ?? '-', shared ?? '-', String(codes?.from ?? 0), tag, restaurant.storeId, REDEEM, keys, JSON.stringify(lines)],
  ]);
  const result = /^RESULT (.*)$/m.exec(output);
  if (!result) throw new Error(`wrk did not tell how it went:\n${output}`);
  return JSON.parse(result[1]);
}
