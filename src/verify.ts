import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { type Config, ConfigError, loadConfig, readSecretKey } from './config.ts';
import { reportLines } from './domain/verification/report-text.ts';
import type { NotedHead } from './domain/verification/verification.types.ts';
import { verifyBooks } from './domain/verification/verify-books.ts';
import { BootError, messageOf } from './embedded/boot-error.ts';
import { openDatabaseOf } from './embedded/database-of.ts';
import { createLogger } from './logging.ts';

const EXIT = { clean: 0, findings: 1, notChecked: 2 } as const;
const HEAD = /^(\d{1,15}):([0-9a-f]{64})$/;

const HELP = `npm run verify -- [--against <position>:<hash>] [--at-most <n>] [--json]
  --against   a head of the ledger that was noted earlier: what lies before it must be unchanged
  --at-most   findings listed of each check, 20 if left out
  --json      the report as JSON
Exit code 0: all agrees; 1: something does not; 2: not everything could be checked.
`;

interface Asked {
  readonly against: NotedHead | null;
  readonly atMost: number;
  readonly json: boolean;
  readonly help: boolean;
}

function asked(): Asked {
  const options = {
    against: { type: 'string' },
    'at-most': { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean' },
  } as const;
  const { values } = parseArgs({ options });
  const head = values.against === undefined ? null : HEAD.exec(values.against);
  if (head === null && values.against !== undefined)
    throw new ConfigError('--against wants a position and its hash, as an earlier run told them: <position>:<64 hex digits>.');
  const atMost = Number(values['at-most'] ?? 20);
  if (!Number.isSafeInteger(atMost) || atMost < 1) throw new ConfigError('--at-most wants a whole number from 1 up.');
  return {
    against: head === null ? null : { position: Number(head[1]), hash: head[2] as string },
    atMost,
    json: values.json === true,
    help: values.help === true,
  };
}

async function verify(config: Config, { against, atMost, json }: Asked): Promise<number> {
  const database = await openDatabaseOf(config, createLogger('warn', process.stderr));
  const pool = new pg.Pool({ connectionString: database.url, max: 1, application_name: 'valehub-verify' });
  pool.on('error', () => undefined);
  const lines = reportLines();
  const say = (text: string) => void (json || process.stdout.write(text));
  try {
    const report = await verifyBooks(pool, {
      ...secretOf(config),
      ...(against === null ? {} : { against }),
      atMost,
      onCheck: (check) => say(lines.check(check)),
      onProgress: (check, looked) => void (process.stderr.isTTY && process.stderr.write(`  ${check}: ${looked} ...\r`)),
    });
    if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    else process.stdout.write(lines.end(report));
    return report.found > 0 ? EXIT.findings : report.skipped > 0 ? EXIT.notChecked : EXIT.clean;
  } finally {
    await pool.end();
    await database.close();
  }
}

/** The hub makes its secret at the first start; whoever only reads makes none. */
function secretOf(config: Config): { secretKey?: Buffer } {
  return config.secretKey === null && !existsSync(join(config.home, 'secret.key')) ? {} : { secretKey: readSecretKey(config) };
}

function describe(fault: unknown): string {
  if (fault instanceof BootError || fault instanceof ConfigError) return fault.message;
  const { code } = fault as { code?: string };
  if (code?.startsWith('ERR_PARSE_ARGS')) return `${messageOf(fault)}\n${HELP}`;
  if (code === '42P01' || code === '42703')
    return `The database is of another version of Valehub (${messageOf(fault)}): start the hub once, then verify again.`;
  return fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
}

try {
  const wanted = asked();
  if (wanted.help) process.stdout.write(HELP);
  else process.exitCode = await verify(loadConfig(), wanted);
} catch (fault) {
  process.stderr.write(`Nothing was checked. ${describe(fault)}\n`);
  process.exitCode = EXIT.notChecked;
}
