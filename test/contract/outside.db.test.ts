import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Connector } from '@valehub/connector-kit';
import { deliver, forgerFor, startPlatform } from '@valehub/connector-kit/testing';
import { ProcessDoor } from '../../src/connectors/process/process-door.ts';
import { ADMIN, startConnectorHub, withVouchers } from '../connectors/support/connector-hub.ts';

// Packages are packed and installed: npm takes its time.
jest.setTimeout(300_000);

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
/** On the Node of this run, whose folder stands first on the path of what npm starts. */
const npm = (args: readonly string[], cwd: string) =>
  run('npm', [...args], {
    cwd,
    env: { ...process.env, PATH: `${join(process.execPath, '..')}:${process.env['PATH'] ?? ''}`, npm_config_update_notifier: 'false' },
  });
const INSTALL = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];

/** In a folder that git does not see, from which the kit of this repository is found. */
let inside: string;
let folder: string;
let packed: string;
let kit: string;

async function pack(source: string): Promise<string> {
  const { stdout } = await npm(['pack', '--json', '--pack-destination', packed], source);
  const [made] = JSON.parse(stdout) as { filename: string }[];
  return join(packed, made?.filename.replace('@', '').replace('/', '-') ?? '');
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'valehub-outside-'));
  await mkdir(join(root, '.valehub'), { recursive: true });
  inside = await mkdtemp(join(root, '.valehub', 'outside-'));
  packed = join(folder, 'packed');
  await mkdir(packed);
  kit = await pack(join(root, 'src/connectors/kit'));
});
afterAll(async () => {
  for (const made of [folder, inside]) await rm(made, { recursive: true, force: true });
});

/** The files of the page, by their names. */
async function filesOfThePage(): Promise<ReadonlyMap<string, string>> {
  const page = await readFile(join(root, 'docs/how-to/write-a-connector.md'), 'utf8');
  const [outside = ''] = page.slice(page.indexOf('## Outside this repository')).split('## Inside this repository');
  return new Map([...outside.matchAll(/^`([^`\n]+)`[^\n]*:\n\n```\w+\n(.*?)^```$/gms)].map(([, name = '', text = '']) => [name, text]));
}

describe('the page on writing a connector, taken literally outside this repository', () => {
  let vermut: string;
  let tarball: string;

  test('gives a package that passes its tests', async () => {
    vermut = join(folder, 'valehub-connector-vermut');
    await mkdir(vermut);
    const files = await filesOfThePage();
    expect([...files.keys()]).toEqual(['package.json', 'index.js', 'samples.js', 'index.test.js', 'README.md']);
    for (const [name, text] of files) await writeFile(join(vermut, name), text);
    await npm([...INSTALL, '--save-dev', kit], vermut);
    const { stdout } = await npm(['test'], vermut);
    expect(stdout).toMatch(/^\S fail 0$/m);
    expect(Number(/^\S pass (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThan(10);
    tarball = await pack(vermut);
  });

  test('whose orders reach a hub beside which it is installed, in a process of its own', async () => {
    const beside = join(folder, 'beside-the-hub');
    await mkdir(beside);
    await writeFile(join(beside, 'package.json'), '{ "name": "beside", "version": "1.0.0", "private": true }');
    await npm([...INSTALL, kit, tarball], beside);
    const installed = pathToFileURL(createRequire(join(beside, 'package.json')).resolve('valehub-connector-vermut')).href;
    // The declaration is read in this process, where there is one kit; all else happens in the installed package's own.
    const read = join(inside, 'vermut.mjs');
    await writeFile(read, (await filesOfThePage()).get('index.js') ?? '');
    const { default: connector } = (await import(read)) as { default: Connector };
    const files = await filesOfThePage();
    await writeFile(join(inside, 'samples.mjs'), files.get('samples.js') ?? '');
    const { samples } = (await import(join(inside, 'samples.mjs'))) as {
      samples: { deliveries: { body: object }[]; fetches: { replies: { body: object }[] }[] };
    };
    const check = samples.fetches[0]?.replies[0]?.body as Record<string, unknown>;
    const platform = await startPlatform({
      authorised: ({ headers }) => headers['authorization'] === 'Bearer an-invented-api-key',
      routes: [
        { at: 'GET /v1/me', handle: () => ({ body: { id: 99, name: 'Bodega Sur' } }) },
        { at: 'GET /v1/checks/:number', handle: () => ({ body: check as never }) },
      ],
    });
    const hub = await startConnectorHub({
      connectors: [connector],
      door: ({ now, log, onBreach }) =>
        new ProcessDoor({ specifierOf: () => installed, allowPrivateHosts: true, memoryMb: 256, now, log, onBreach }),
    });
    try {
      const { storeId, code } = await withVouchers(hub.hub);
      check['promo'] = { text: `Vale ${code}`, off: '0.84' };
      const forger = forgerFor(connector);
      const settings = { apiKey: 'an-invented-api-key', ...forger.secrets, apiBaseUrl: platform.url, locations: { 7: storeId } };
      const made = await hub.host.desk.connect(ADMIN, { connectorId: 'vermut', appId: null, name: 'Bodega', storeId: null, settings });
      expect(made).toMatchObject({ status: 'ACTIVE', lastError: null });
      const url = made.webhookUrl ?? '';
      const body = JSON.stringify(samples.deliveries[0]?.body);
      for (let times = 0; times < 2; times += 1) expect(await deliver(forger, { url, body, at: hub.clock.now() })).toBe(200);
      await hub.host.drain();
      const { rows } = await hub.hub.database.pool.query('select code, amount::int from redemption');
      expect(rows).toEqual([{ code, amount: 84 }]);
    } finally {
      await hub.close();
      await hub.database.drop();
      await platform.close();
    }
  });
});

test('the kit and every connector pack and install as packages of their own', async () => {
  const plugins = (await readdir(join(root, 'plugins'), { withFileTypes: true })).filter(
    (entry) => entry.isDirectory() && !entry.name.startsWith('.'),
  );
  const tarballs: string[] = [];
  for (const { name } of plugins) tarballs.push(await pack(join(root, 'plugins', name)));
  const site = join(folder, 'all-of-them');
  await mkdir(site);
  await writeFile(join(site, 'package.json'), '{ "name": "all", "version": "1.0.0", "private": true, "type": "module" }');
  await npm([...INSTALL, kit, ...tarballs], site);
  const ids = plugins.map(({ name }) => name);
  await writeFile(
    join(site, 'check.js'),
    `import { checkConnector } from '@valehub/connector-kit/host';
     const found = {};
     for (const id of ${JSON.stringify(ids)}) {
       const { default: connector } = await import('@valehub/connector-' + id);
       found[connector.id] = checkConnector(connector);
     }
     console.log(JSON.stringify(found));`,
  );
  const { stdout } = await run(process.execPath, ['check.js'], { cwd: site });
  expect(JSON.parse(stdout)).toEqual(Object.fromEntries(ids.map((id) => [id, []])));
});

test('a minor version of the kit moves no connector to another major version', async () => {
  const site = join(folder, 'versions');
  const packages = [
    'src/connectors/kit',
    ...(await readdir(join(root, 'plugins'))).filter((name) => !name.startsWith('.')).map((name) => `plugins/${name}`),
  ];
  for (const path of packages) {
    await mkdir(join(site, path), { recursive: true });
    await writeFile(join(site, path, 'package.json'), await readFile(join(root, path, 'package.json'), 'utf8'));
  }
  await writeFile(
    join(site, 'package.json'),
    '{ "name": "versions", "version": "1.0.0", "private": true, "workspaces": ["src/connectors/kit", "plugins/*"] }',
  );
  await writeFile(join(site, 'package-lock.json'), '{ "name": "versions", "lockfileVersion": 3, "packages": {} }');
  await mkdir(join(site, '.changeset'));
  await writeFile(join(site, '.changeset/config.json'), await readFile(join(root, '.changeset/config.json'), 'utf8'));
  await writeFile(join(site, '.changeset/more.md'), '---\n"@valehub/connector-kit": minor\n---\n\nKnow one thing more.\n');
  await run('git', ['init', '-q', '-b', 'main'], { cwd: site });
  const versions = async () =>
    Object.fromEntries(
      await Promise.all(
        packages.map(async (path) => {
          const { name, version } = JSON.parse(await readFile(join(site, path, 'package.json'), 'utf8')) as {
            name: string;
            version: string;
          };
          return [name, version] as const;
        }),
      ),
    );
  const before = await versions();
  await run(process.execPath, [join(root, 'node_modules/@changesets/cli/bin.js'), 'version'], { cwd: site });
  const after = await versions();
  const { '@valehub/connector-kit': kitBefore = '', ...others } = before;
  const { '@valehub/connector-kit': kitAfter = '', ...othersAfter } = after;
  const [major, minor] = kitBefore.split('.').map(Number);
  expect(kitAfter).toBe(`${major}.${(minor ?? 0) + 1}.0`);
  expect(othersAfter).toEqual(others);
});
