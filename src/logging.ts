import { type DestinationStream, type Logger, pino } from 'pino';

/** Members whose values never reach a log, wherever a caller forgot them. */
const SECRET_MEMBERS = ['password', 'secret', 'token', 'accessToken', 'authorization', 'apiKey', 'email', 'phone'];

/** JSON lines for machines; one readable line each where a person looks on at a terminal. */
export function createLogger(level: string, output: NodeJS.WriteStream): Logger {
  const redact = { paths: SECRET_MEMBERS.flatMap((name) => [name, `*.${name}`]), censor: '[hidden]' };
  const options = { level, redact, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  return pino(options, output.isTTY ? humanLines(output) : output);
}

/** Turns pino's JSON lines into `04:31:07 warn  text name=value`. */
function humanLines(output: { write(text: string): unknown }): DestinationStream {
  return { write: (line) => void output.write(humanLine(line)) };
}

function humanLine(line: string): string {
  const { time, level, msg = '', err, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const label = pino.levels.labels[Number(level)] ?? String(level);
  const members = Object.entries(rest).map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const stack = (err as { stack?: string } | undefined)?.stack;
  return `${String(time).slice(11, 19)} ${label.padEnd(5)} ${String(msg)}${members.join('')}${stack === undefined ? '' : `\n${stack}`}\n`;
}
