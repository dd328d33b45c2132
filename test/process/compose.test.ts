import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config.ts';

type Service = {
  image?: string;
  build?: string;
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: object;
  volumes?: string[];
};
type Compose = { services: Record<string, Service>; volumes: Record<string, unknown> };

const read = (name: string): Promise<string> => readFile(fileURLToPath(new URL(`../../${name}`, import.meta.url)), 'utf8');
const compose = parse(await read('docker-compose.yml'), { merge: true }) as Compose;

/** What compose does with `${NAME:?...}` and `${NAME:-default}`. */
function fillIn(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{(\w+)(?::([?-])([^}]*))?\}/g, (_all, name: string, kind: string | undefined, rest: string) => {
    if (env[name]) return env[name];
    if (kind !== '-') throw new Error(`${name}: ${rest}`);
    return rest;
  });
}

test('the production shape is complete: PostgreSQL, Temporal on it, API and worker of one image', () => {
  expect(Object.keys(compose.services).sort()).toEqual(['hub', 'postgres', 'temporal', 'worker']);
  const { hub, worker, temporal, postgres } = compose.services;
  expect(hub?.image).toBe(worker?.image);
  expect(hub?.environment?.['VALEHUB_ROLES']).toBe('api');
  expect(worker?.environment?.['VALEHUB_ROLES']).toBe('worker');
  for (const service of [hub, worker]) {
    expect(service?.depends_on).toEqual({ postgres: { condition: 'service_healthy' }, temporal: { condition: 'service_healthy' } });
  }
  expect(temporal?.depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
  expect(temporal?.environment?.['DB']).toBe('postgres12');
  for (const service of [temporal, postgres]) expect(service?.healthcheck).toBeDefined();
  const named = Object.values(compose.services).flatMap(({ volumes = [] }) => volumes.map((volume) => volume.split(':')[0]));
  expect(named.sort()).toEqual(Object.keys(compose.volumes).sort());
});

test('the image is whole: not run by root, with a health check', async () => {
  const stages = (await read('Dockerfile')).split(/^FROM /m);
  const last = stages.at(-1) ?? '';
  expect(last).toMatch(/^USER node$/m);
  expect(last).toMatch(/^HEALTHCHECK /m);
  expect(last).toMatch(/^CMD \["node", .*"dist\/main\.js"\]$/m);
});

test('the image gives Node the flags that npm start gives it', async () => {
  const flags = Array.from((await read('scripts/setup/hub-flags.mjs')).matchAll(/^ {2}'(--.+)',$/gm), ([, flag]) => flag);
  expect(flags).not.toHaveLength(0);
  const [, command = '[]'] = /^CMD (\[.*\])$/m.exec((await read('Dockerfile')).split(/^FROM /m).at(-1) ?? '') ?? [];
  expect(JSON.parse(command)).toEqual(expect.arrayContaining(flags));
});

test('no password has a default: each must be set', () => {
  const secrets = Object.values(compose.services).flatMap(({ environment = {} }) =>
    Object.entries(environment).filter(([name]) => /PASSWORD|PWD|SECRET|DATABASE_URL/.test(name)),
  );
  expect(secrets).not.toHaveLength(0);
  for (const [name, value] of secrets) {
    expect(`${name}=${value}`).toMatch(/\$\{\w+:\?/);
    expect(() => fillIn(value, {})).toThrow('set it in .env');
  }
});

test('what it hands to the hub is what the hub understands, and .env.example names all of it', async () => {
  const example = await read('.env.example');
  const needed = Array.from((await read('docker-compose.yml')).matchAll(/\$\{(\w+):\?/g), ([, name = '']) => name);
  for (const name of needed) expect(example).toMatch(new RegExp(`^${name}=$`, 'm'));
  const env = {
    POSTGRES_PASSWORD: 'p4ss',
    VALEHUB_SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
    VALEHUB_PUBLIC_URL: 'https://hub.example.com',
  };
  for (const role of ['hub', 'worker']) {
    const given = Object.entries(compose.services[role]?.environment ?? {}).map(([name, value]) => [name, fillIn(value, env)]);
    expect(loadConfig(Object.fromEntries(given) as NodeJS.ProcessEnv)).toMatchObject({
      databaseUrl: 'postgres://valehub:p4ss@postgres:5432/valehub',
      temporalAddress: 'temporal:7233',
      publicUrl: 'https://hub.example.com',
      roles: role === 'hub' ? 'api' : 'worker',
    });
  }
});
