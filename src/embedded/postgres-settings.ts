import { totalmem } from 'node:os';

const MB = 1024 * 1024;

/** `full` for data that must outlive a crash; `none` only for databases that are thrown away. */
export type Durability = 'full' | 'none';

/** The server's settings as `-c name=value` arguments, sized by the machine's memory (bytes). */
export function postgresSettings(port: number, durability: Durability, memory: number = usableMemory()): string[] {
  const quarter = Math.floor(memory / 4 / MB);
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: `${clamp(quarter, 64, durability === 'full' ? 1024 : 256)}MB`,
    effective_cache_size: `${clamp(quarter * 2, 128, 8192)}MB`,
    maintenance_work_mem: `${clamp(quarter / 8, 32, 256)}MB`,
    work_mem: '8MB',
    max_wal_size: '4GB',
    min_wal_size: '256MB',
    checkpoint_timeout: '15min',
    // Short statements by the thousand: compiling one never pays.
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
    // What a failed statement carried may be personal; the log names the fault without it.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    ...DURABILITY[durability],
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** A container may have less than its machine. */
function usableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

const DURABILITY = {
  full: { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' },
  none: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
} as const;

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, Math.floor(value)));
}
