import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ConfigError, loadConfig, readSecretKey } from '../../src/config.ts';
import { temporaryFolder } from '../helpers/child-process.ts';

test('nothing is required: every variable has its default', () => {
  const config = loadConfig({});
  expect(config).toMatchObject({
    port: 4000,
    host: '127.0.0.1',
    home: join(process.cwd(), '.valehub'),
    publicUrl: null,
    databaseUrl: null,
    temporalAddress: null,
    temporalNamespace: 'default',
    taskQueue: 'valehub',
    attemptsPerMinute: 20,
    trustProxy: 0,
    allowPrivateHosts: false,
    connectors: null,
    logLevel: 'info',
    requestsPerSecond: 20000,
    roles: 'all',
  });
  expect(Object.isFrozen(config)).toBe(true);
});

test('what is set is used, and an empty variable counts as left out', () => {
  const config = loadConfig({
    PORT: '0',
    HOST: '',
    VALEHUB_PUBLIC_URL: 'https://hub.example.com/',
    VALEHUB_ALLOW_PRIVATE_HOSTS: '1',
    VALEHUB_CONNECTORS: '@valehub/connector-square, @acme/till,',
    VALEHUB_CACHE: '/var/cache/vh',
  });
  expect(config).toMatchObject({
    port: 0,
    host: '127.0.0.1',
    publicUrl: 'https://hub.example.com',
    allowPrivateHosts: true,
    connectors: ['@valehub/connector-square', '@acme/till'],
    cache: '/var/cache/vh',
  });
});

test.each([
  ['PORT', '65536', 'PORT must be a whole number from 0 to 65535.'],
  ['PORT', 'http', 'PORT must be a whole number from 0 to 65535.'],
  ['VALEHUB_REQUESTS_PER_SECOND', '0', 'VALEHUB_REQUESTS_PER_SECOND must be a whole number from 1 to 1000000.'],
  ['DATABASE_URL', 'mysql://localhost/x', 'DATABASE_URL must be an address beginning with postgres:// or postgresql://.'],
  ['TEMPORAL_ADDRESS', 'http://localhost:7233', 'TEMPORAL_ADDRESS must be host:port.'],
  ['VALEHUB_ALLOW_PRIVATE_HOSTS', 'yes', 'VALEHUB_ALLOW_PRIVATE_HOSTS must be 0 or 1.'],
  ['VALEHUB_ROLES', 'both', 'VALEHUB_ROLES must be all, api or worker.'],
  ['VALEHUB_LOG_LEVEL', 'loud', 'VALEHUB_LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent.'],
])('%s=%s stops the boot by name', (name, value, message) => {
  expect(() => loadConfig({ [name]: value })).toThrow(new ConfigError(message));
});

test('a bad secret key is refused without being shown', () => {
  const secret = Buffer.alloc(31, 7).toString('base64');
  expect(() => loadConfig({ VALEHUB_SECRET_KEY: secret })).toThrow(/^VALEHUB_SECRET_KEY must be 32 bytes in base64/);
  expect(() => loadConfig({ VALEHUB_SECRET_KEY: secret })).not.toThrow(secret);
});

test('the secret key is made once, for this account only, and stays', async () => {
  const folder = await temporaryFolder();
  try {
    const config = loadConfig({ VALEHUB_HOME: folder.path });
    const first = readSecretKey(config);
    expect(first).toHaveLength(32);
    expect(readSecretKey(config)).toEqual(first);
    expect((await stat(join(folder.path, 'secret.key'))).mode & 0o777).toBe(0o600);
    expect(await readdir(folder.path)).toEqual(['secret.key']);
    await writeFile(join(folder.path, 'secret.key'), 'short\n');
    expect(() => readSecretKey(config)).toThrow(`${join(folder.path, 'secret.key')} does not hold 32 bytes`);
    const given = Buffer.alloc(32, 9);
    expect(readSecretKey(loadConfig({ VALEHUB_HOME: folder.path, VALEHUB_SECRET_KEY: given.toString('base64') }))).toEqual(given);
    expect(await readFile(join(folder.path, 'secret.key'), 'utf8')).toBe('short\n');
  } finally {
    await folder.remove();
  }
});
