import type pg from 'pg';
import { Keyring } from '../shared/keyring.ts';
import { CHECKS } from './checks.ts';
import { onSnapshot } from './snapshot.ts';
import type { BooksReport, Check, CheckReport, Finding, NotedHead, Snapshot, SqlCheck, StreamCheck } from './verification.types.ts';

export interface VerifyOptions {
  /** The hub's secret, 32 bytes; without it the checks of codes are skipped. */
  readonly secretKey?: Buffer;
  /** A head noted earlier, which the chain must still pass through. */
  readonly against?: NotedHead;
  /** How many findings of each check are listed, 20 if left out; all are counted. */
  readonly atMost?: number;
  readonly onCheck?: (report: CheckReport) => void;
  readonly onProgress?: (check: string, looked: number) => void;
}

const AT_MOST = 20;

/**
 * Reads the ledger again and compares it with the tables, all on one snapshot: a hub may trade meanwhile. Writes nothing.
 * Throws where it cannot read; what does not agree is in the report.
 */
export function verifyBooks(pool: pg.Pool, options: VerifyOptions = {}): Promise<BooksReport> {
  return onSnapshot(pool, async (snapshot, client) => {
    const [at] = await snapshot.rows<NotedHead & { waiting: number }>(
      "select coalesce(max(position), 0) as position, coalesce(max(hash), '') as hash, (select count(*) from ledger_intake) as waiting from ledger_head where id = 1",
    );
    const keyring = options.secretKey === undefined ? null : new Keyring(options.secretKey);
    const otherSecret = keyring !== null && (await isOtherSecret(snapshot, keyring));
    const checks: CheckReport[] = [];
    for (const check of CHECKS) {
      const report = await made(check, snapshot, client, keyring, otherSecret, options);
      checks.push(report);
      options.onCheck?.(report);
    }
    return {
      head: { position: at?.position ?? 0, hash: at?.hash ?? '' },
      waiting: at?.waiting ?? 0,
      checks,
      found: checks.reduce((sum, check) => sum + check.found, 0),
      skipped: checks.filter((check) => check.skipped !== null).length,
    };
  });
}

async function made(
  check: Check,
  snapshot: Snapshot,
  client: pg.PoolClient,
  keyring: Keyring | null,
  otherSecret: boolean,
  options: VerifyOptions,
): Promise<CheckReport> {
  const began = performance.now();
  const { name, promises, advice } = check;
  const report = (looked: number, found: number, findings: readonly Finding[], skipped: string | null = null): CheckReport => ({
    name,
    promises,
    advice,
    looked,
    found,
    findings,
    skipped,
    ms: Math.round(performance.now() - began),
  });
  if (check.kind === 'stream' && check.needsSecret) {
    if (keyring === null) return report(0, 0, [], 'The secret of the hub was not given.');
    if (otherSecret) return report(0, 0, [], 'The database was made with another secret than the one given.');
  }
  await client.query('savepoint looking');
  try {
    const { looked, found, findings } = await (check.kind === 'sql'
      ? bySql(check, snapshot, options)
      : byStream(check, snapshot, keyring, options));
    return report(looked, found, findings);
  } catch (fault) {
    if (!isDamagedData(fault)) throw fault;
    const said = fault instanceof Error ? fault.message : String(fault);
    const finding = { table: '?', id: '?', position: null, expected: 'rows that can be read', found: `the check stumbled: ${said}` };
    return report(0, 1, [finding]);
  } finally {
    await client.query('rollback to savepoint looking').catch(() => undefined);
  }
}

type Outcome = Pick<CheckReport, 'looked' | 'found' | 'findings'>;

async function bySql(check: SqlCheck, snapshot: Snapshot, { atMost = AT_MOST }: VerifyOptions): Promise<Outcome> {
  const [looked] = await snapshot.rows<{ n: number }>(check.of);
  const rows = await snapshot.rows<Finding & { total: number }>(
    `select *, count(*) over () as total from (${check.sql}) finding order by position nulls last, id limit ${Math.max(1, atMost)}`,
  );
  return { looked: looked?.n ?? 0, found: rows[0]?.total ?? 0, findings: rows.map(({ total: _, ...finding }) => finding) };
}

async function byStream(check: StreamCheck, snapshot: Snapshot, keyring: Keyring | null, options: VerifyOptions): Promise<Outcome> {
  const { atMost = AT_MOST, against = null, onProgress } = options;
  const findings: Finding[] = [];
  let found = 0;
  const looked = await check.run({
    snapshot,
    keyring,
    against,
    find: (finding) => {
      found += 1;
      if (findings.length < atMost) findings.push(finding);
    },
    progress: (n) => onProgress?.(check.name, n),
  });
  return { looked, found, findings };
}

/** A row whose content has no longer the shape it must have is a finding too; a lost connection or a missing table is none. */
function isDamagedData(fault: unknown): boolean {
  const { code } = fault as { code?: string };
  return code === undefined ? fault instanceof TypeError || fault instanceof RangeError : code.startsWith('22');
}

async function isOtherSecret(snapshot: Snapshot, keyring: Keyring): Promise<boolean> {
  const rows = await snapshot.rows<{ value: string }>("select value from setting where name = 'secret-check'");
  return rows[0] !== undefined && rows[0].value !== keyring.derive('check').toString('hex');
}
