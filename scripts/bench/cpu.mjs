// What the hub and its PostgreSQL burn, from /proc: on a machine that others use as well, it says more than a rate does.
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second. */
const TICK_US = 10_000;

/** Microseconds of CPU so far; null where there is no /proc. */
export function cpuOf(hub) {
  if (!existsSync('/proc/self/stat')) return null;
  const spent = { node: 0, postgres: 0 };
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = read(`/proc/${name}/stat`);
    if (stat === null) continue;
    // The program's name stands in brackets and may hold anything.
    const [, parent, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const us = (Number(rest[9]) + Number(rest[10])) * TICK_US;
    if (Number(name) === hub.pid) spent.node = us;
    if (Number(parent) === hub.postmaster) spent.postgres += us;
    // What has ended is counted by who waited for it: else a backend that leaves takes all it ever used out of the sum.
    if (Number(name) === hub.postmaster) spent.postgres += (Number(rest[11]) + Number(rest[12])) * TICK_US;
  }
  return spent;
}

/** Microseconds a request between two readings. */
export function cpuEach(before, after, requests) {
  if (before === null || after === null || requests === 0) return null;
  return { node: Math.round((after.node - before.node) / requests), postgres: Math.round((after.postgres - before.postgres) / requests) };
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (fault) {
    if (fault.code === 'ENOENT' || fault.code === 'ESRCH') return null;
    throw fault;
  }
}
