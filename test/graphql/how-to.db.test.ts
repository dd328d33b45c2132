import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { actor } from '../helpers/basics.ts';
import { startTestHub, type TestHub } from '../helpers/hub.ts';
import { createCampaign, order, REDEEM, type Stage, setStage } from './stage.ts';

// What the pages tell people to copy has to work: their programs are run as they stand there.

let hub: TestHub;
let stage: Stage;
const written: string[] = [];

beforeAll(async () => {
  hub = await startTestHub();
  stage = await setStage(hub);
  await createCampaign(hub, {
    name: 'Come again',
    storeIds: [stage.storeId],
    incentive: { amountOff: { amount: { minor: 300, currency: 'EUR' } } },
    issuance: { conditions: { minimumOrder: 3_000 }, validFor: 'P30D' },
  });
});
afterAll(async () => {
  for (const file of written) await rm(file, { force: true });
  await hub.stop();
});

async function blocks(page: string, language: string): Promise<string[]> {
  const text = await readFile(new URL(`../../docs/how-to/${page}.md`, import.meta.url), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, body]) => body as string);
}

async function program(page: string, args: string[], key: string) {
  // Beside the tests, so that it finds the packages of this repository.
  const file = new URL(`./${page}.program.mjs`, import.meta.url).pathname;
  written.push(file);
  await writeFile(file, (await blocks(page, 'js')).join('\n'));
  const child = spawn(process.execPath, [file, ...args], {
    env: { VALEHUB_URL: hub.url, VALEHUB_KEY: key, VALEHUB_STORE: stage.storeId },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let told = (): void => undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk);
      told();
    });
  }
  return {
    child,
    output: () => output,
    async until(text: string): Promise<void> {
      while (!output.includes(text)) {
        if (child.exitCode !== null) throw new Error(`It ended without "${text}":\n${output}`);
        await new Promise<void>((resolve) => {
          told = resolve;
          child.once('exit', () => resolve());
        });
      }
    },
  };
}

test('the till of the page does what the page says', async () => {
  const { child, output } = await program(
    'build-a-till',
    [stage.codes[0] as string],
    await hub.keyFor('TILL', { storeIds: [stage.storeId] }),
  );
  const [exitCode] = await once(child, 'exit');
  expect(output().trim().split('\n')).toEqual([
    'It would take off 470 cents.',
    'Redeemed 4230 cents to pay',
    'asked again: Redeemed replayed: true',
    'one unit back: Reversed 145',
    'undone: Reversed',
    'held, then Redeemed',
    expect.stringMatching(/^recorded on \d{4}-\d\d-\d\d with \[ '/),
    expect.stringMatching(/^earned: Come again, 300 cents, no. 1, code DV\d{13}$/),
    expect.stringMatching(/^ {2}good from now until \d{4}-\d\d-\d\dT/),
    'give back 1620 cents; no longer good: 1 voucher',
  ]);
  expect(exitCode).toBe(0);
});

test('the dashboard of the page reads the book, follows it, and tells of a key that is no longer good', async () => {
  const key = await hub.keyFor('MARKETING');
  const { keys } = hub.hub;
  const id = (await keys.list()).find(({ role }) => role === 'MARKETING')?.id as string;
  await hub.ask(REDEEM, { input: { idempotencyKey: 'before', codes: [stage.codes[1]], order: order(stage.storeId) } });
  // The book is sealed a moment after the answer; this one answers once it is, and all before it.
  await hub.ask('mutation { recordEvent(input: { idempotencyKey: "sealed", name: "so.far" }) { position } }');
  const { ledger } = await hub.ask('{ ledger { events { type } } }');
  expect(ledger.events.length).toBeGreaterThan(0);
  const dashboard = await program('build-a-dashboard', [], key);
  await dashboard.until('given so far');
  await hub.ask(REDEEM, { input: { idempotencyKey: 'live', codes: [stage.codes[2]], order: order(stage.storeId) } });
  await hub.ask(REDEEM, { input: { idempotencyKey: 'live too', codes: [stage.codes[2]], order: order(stage.storeId) } });
  await dashboard.until(`VOUCHER_REDEEMED Triana ${stage.codes[2]} 250`);
  await dashboard.until(`VOUCHER_REJECTED Triana ${stage.codes[2]} ALREADY_REDEEMED`);
  const exited = once(dashboard.child, 'exit');
  await keys.revoke(actor('ADMIN'), id);
  await exited;
  expect(dashboard.output()).toContain('This key is not, or no longer, good.');
});

test('the queries of the pages are answered', async () => {
  const queries = [
    ...(await blocks('build-a-till', 'graphql')),
    ...(await blocks('build-a-dashboard', 'graphql')),
    ...(await blocks('../reference/issuance', 'graphql')),
  ];
  expect(queries).toHaveLength(5);
  const gifts = await createCampaign(hub, {
    distribution: 'CUSTOMER',
    incentive: { giftBalance: { value: { minor: 5_000, currency: 'EUR' } } },
  });
  for (const query of queries) {
    const { data, errors } = await hub.graphql(query, { gifts });
    expect(errors).toBeUndefined();
    expect(data).not.toHaveProperty('issueVoucher.rejections');
  }
});

test('what the page for front-ends asks is answered', async () => {
  const [rotate, trail, ...others] = await blocks('build-a-front-end', 'graphql');
  expect(others).toEqual([]);
  const { createApiKey } = await hub.ask('mutation { createApiKey(input: { name: "Shop", role: PUBLIC }) { apiKey { id } } }');
  const { rotateApiKey } = await hub.ask(rotate as string, { id: createApiKey.apiKey.id });
  expect(rotateApiKey.secret).toMatch(/^vh_public_/);
  expect((await hub.ask(trail as string)).auditLines.edges).toEqual([]);
});
