import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';

/** A variable has a value that the hub cannot use; the message names the variable and says what it must be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const wholeNumber = (low: number, high: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, `must be a whole number from ${low} to ${high}`)
    .transform(Number)
    .refine((value) => value >= low && value <= high, `must be a whole number from ${low} to ${high}`);

const addressOf = (...schemes: string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && schemes.includes(new URL(text).protocol),
      `must be an address beginning with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`,
    );

const keyText = () =>
  z
    .string()
    .refine((text) => Buffer.from(text, 'base64').length === 32, 'must be 32 bytes in base64 (make one with `openssl rand -base64 32`)');

function listOf(text: string | undefined): string[] | null {
  const names = text?.split(',').map((name) => name.trim());
  return names?.filter(Boolean) ?? null;
}

/** Every variable that the hub reads, with its meaning and its default: the source of docs/reference/configuration.md. */
export const Variables = z.object({
  PORT: wholeNumber(0, 65_535).prefault('4000').describe('The port of the API; 0 takes any free one.'),
  HOST: z.string().min(1).default('127.0.0.1').describe('The address that the API listens on; 0.0.0.0 for every network of the machine.'),
  VALEHUB_HOME: z.string().min(1).default('./.valehub').describe('The folder of all data that the hub writes.'),
  VALEHUB_CACHE: z
    .string()
    .min(1)
    .optional()
    .describe("The folder of tools that the set-up built or downloaded. Default: `valehub` in the user's cache folder."),
  VALEHUB_PUBLIC_URL: addressOf('http:', 'https:')
    .optional()
    .describe('The address under which the outside world reaches the hub, for webhooks and links. Default: `http://localhost:PORT`.'),
  DATABASE_URL: addressOf('postgres:', 'postgresql:').optional().describe('A PostgreSQL database to use instead of the embedded one.'),
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s/]+:\d{1,5}$/, 'must be host:port')
    .optional()
    .describe('`host:port` of a Temporal server to use instead of the embedded one.'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default').describe('The Temporal namespace of the hub.'),
  VALEHUB_SECRET_KEY: keyText()
    .optional()
    .describe(
      'The key that seals credentials and personal data: 32 bytes in base64. Default: `secret.key` in VALEHUB_HOME, made at the first start.',
    ),
  VALEHUB_CREDENTIALS_KEY: keyText()
    .optional()
    .describe(
      'A key of its own for the credentials of connections: 32 bytes in base64. What another key sealed is sealed anew at the next start. Default: VALEHUB_SECRET_KEY seals them too.',
    ),
  VALEHUB_CREDENTIALS_KEY_PREVIOUS: keyText()
    .optional()
    .describe('The key before VALEHUB_CREDENTIALS_KEY, while there may be credentials that it sealed.'),
  VALEHUB_ATTEMPTS_PER_MINUTE: wholeNumber(1, 1_000_000)
    .prefault('20')
    .describe(
      'Wrong codes that the public may try a minute, for each address and each customer; a public key may try thirty times as many.',
    ),
  VALEHUB_TRUST_PROXY: wholeNumber(0, 32)
    .prefault('0')
    .describe('How many proxies stand before the hub; their forwarding headers are believed, no others.'),
  VALEHUB_ALLOW_PRIVATE_HOSTS: z
    .enum(['0', '1'], 'must be 0 or 1')
    .default('0')
    .transform((text) => text === '1')
    .describe('1 lets connectors call private addresses (a stand-in on this machine, a host in the local network).'),
  VALEHUB_ALLOWED_ORIGINS: z
    .string()
    .optional()
    .transform((text) => listOf(text))
    .refine(
      (origins) => origins === null || origins.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin),
      'must be origins like https://shop.example, without a path, separated by commas',
    )
    .describe('Origins of web pages that may ask the GraphQL API from a browser (CORS), separated by commas. Default: none but its own.'),
  VALEHUB_CONNECTORS: z
    .string()
    .optional()
    .transform((text) => listOf(text))
    .describe('Connector packages to load besides those that come with the hub, by name, separated by commas.'),
  VALEHUB_CONNECTOR_MEMORY: wholeNumber(64, 16_384)
    .prefault('256')
    .describe('Megabytes of heap that one connector may take in its process; one that wants more is stopped, and its connections say so.'),
  VALEHUB_TRUSTED_DOCUMENTS: z
    .string()
    .min(1)
    .optional()
    .describe("The file of a front-end's documents (apollo-persisted-query-manifest); they run by their ids. Checked when the hub starts."),
  VALEHUB_TRUSTED_ONLY: z
    .string()
    .optional()
    .transform((text) => listOf(text))
    .describe('Roles whose keys run documents of that file only, separated by commas, for instance `PUBLIC,TILL`. Default: none.'),
  VALEHUB_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'must be one of trace, debug, info, warn, error, fatal, silent')
    .default('info')
    .describe('The least important messages that are still logged.'),
  VALEHUB_TASK_QUEUE: z.string().min(1).default('valehub').describe('The Temporal task queue of the hub and its workers.'),
  VALEHUB_REQUESTS_PER_SECOND: wholeNumber(1, 1_000_000)
    .prefault('20000')
    .describe('Requests a second that one API key may make before it is told to slow down.'),
  VALEHUB_ROLES: z
    .enum(['all', 'api', 'worker'], 'must be all, api or worker')
    .default('all')
    .describe('What this process does: the API, the workflow worker, or all of it.'),
});

/** The hub's settings, parsed and frozen. */
export type Config = {
  /** 0 = any free port. */
  readonly port: number;
  readonly host: string;
  /** Absolute path of the data folder. */
  readonly home: string;
  /** Absolute path of the folder of built tools. */
  readonly cache: string;
  /** Without a closing slash; null = `http://localhost:` and the port that is listened on. */
  readonly publicUrl: string | null;
  /** null = the embedded PostgreSQL. */
  readonly databaseUrl: string | null;
  /** host:port; null = the embedded Temporal. */
  readonly temporalAddress: string | null;
  readonly temporalNamespace: string;
  readonly taskQueue: string;
  /** 32 bytes in base64; null = the file in the home. Read it through `readSecretKey`. */
  readonly secretKey: string | null;
  /** 32 bytes; null = the hub's secret seals credentials too. */
  readonly credentialsKey: Buffer | null;
  readonly credentialsKeyPrevious: Buffer | null;
  readonly attemptsPerMinute: number;
  /** How many proxies stand before the hub. */
  readonly trustProxy: number;
  readonly allowPrivateHosts: boolean;
  /** Origins of web pages, besides the hub's own, whose browsers may ask. */
  readonly allowedOrigins: readonly string[];
  /** Packages besides those that come with the hub; null = none. */
  readonly connectors: readonly string[] | null;
  /** Megabytes. */
  readonly connectorMemory: number;
  /** Absolute path of the manifest of trusted documents; null = none. */
  readonly trustedDocuments: string | null;
  /** Names of roles. */
  readonly trustedOnly: readonly string[];
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  readonly requestsPerSecond: number;
  readonly roles: 'all' | 'api' | 'worker';
  /** The system's search path for programs. */
  readonly searchPath: string;
};

/** Parses the environment; an empty variable counts as left out. Throws a ConfigError that names every bad variable. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = Variables.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}.`).join(' '));
  }
  const values = parsed.data;
  return Object.freeze({
    port: values.PORT,
    host: values.HOST,
    home: resolve(values.VALEHUB_HOME),
    cache: resolve(values.VALEHUB_CACHE ?? cacheFolder(given)),
    publicUrl: values.VALEHUB_PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    databaseUrl: values.DATABASE_URL ?? null,
    temporalAddress: values.TEMPORAL_ADDRESS ?? null,
    temporalNamespace: values.TEMPORAL_NAMESPACE,
    taskQueue: values.VALEHUB_TASK_QUEUE,
    secretKey: values.VALEHUB_SECRET_KEY ?? null,
    credentialsKey: keyOf(values.VALEHUB_CREDENTIALS_KEY),
    credentialsKeyPrevious: keyOf(values.VALEHUB_CREDENTIALS_KEY_PREVIOUS),
    attemptsPerMinute: values.VALEHUB_ATTEMPTS_PER_MINUTE,
    trustProxy: values.VALEHUB_TRUST_PROXY,
    allowPrivateHosts: values.VALEHUB_ALLOW_PRIVATE_HOSTS,
    allowedOrigins: Object.freeze(values.VALEHUB_ALLOWED_ORIGINS ?? []),
    connectors: values.VALEHUB_CONNECTORS === null ? null : Object.freeze(values.VALEHUB_CONNECTORS),
    connectorMemory: values.VALEHUB_CONNECTOR_MEMORY,
    trustedDocuments: values.VALEHUB_TRUSTED_DOCUMENTS === undefined ? null : resolve(values.VALEHUB_TRUSTED_DOCUMENTS),
    trustedOnly: Object.freeze(values.VALEHUB_TRUSTED_ONLY ?? []),
    logLevel: values.VALEHUB_LOG_LEVEL,
    requestsPerSecond: values.VALEHUB_REQUESTS_PER_SECOND,
    roles: values.VALEHUB_ROLES,
    searchPath: given['PATH'] ?? '',
  });
}

const keyOf = (text: string | undefined): Buffer | null => (text === undefined ? null : Buffer.from(text, 'base64'));

/** The system's convention for a folder that may be rebuilt; scripts/temporal-program.mjs follows the same one. */
function cacheFolder(env: Readonly<Record<string, string | undefined>>): string {
  if (env['XDG_CACHE_HOME'] !== undefined) return join(env['XDG_CACHE_HOME'], 'valehub');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'valehub');
  if (process.platform === 'win32' && env['LOCALAPPDATA'] !== undefined) return join(env['LOCALAPPDATA'], 'valehub');
  return join(homedir(), '.cache', 'valehub');
}

/**
 * The 32 bytes that seal credentials and personal data: from the environment, else from `secret.key` in the home,
 * which is made (0600) at the first call. Two processes that start at once get the same key.
 */
export function readSecretKey(config: Pick<Config, 'secretKey' | 'home'>): Buffer {
  if (config.secretKey !== null) return Buffer.from(config.secretKey, 'base64');
  const path = join(config.home, 'secret.key');
  mkdirSync(config.home, { recursive: true, mode: 0o711 });
  if (!existsSync(path)) {
    // Written whole under another name first: a process that starts at the same moment must not read half a key.
    const draft = `${path}.${randomBytes(6).toString('hex')}`;
    writeFileSync(draft, `${randomBytes(32).toString('base64')}\n`, { flag: 'wx', mode: 0o600, flush: true });
    try {
      linkSync(draft, path);
    } catch (fault) {
      if ((fault as NodeJS.ErrnoException).code !== 'EEXIST') throw fault;
    } finally {
      unlinkSync(draft);
    }
  }
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
  if (key.length !== 32) throw new ConfigError(`${path} does not hold 32 bytes in base64: put the file back from your backup.`);
  return key;
}
