import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import WebSocket from 'ws';
import { eventually, TestClock } from '../helpers/basics.ts';
import { startTestHub, type TestHub } from '../helpers/hub.ts';
import { order, type Stage, setStage } from './stage.ts';

const DAY_S = 86_400;
const ROTATE =
  'mutation ($id: ID!, $overlap: Int) { rotateApiKey(id: $id, overlapSeconds: $overlap) { secret apiKey { id previousSecretUntil } } }';

const clock = new TestClock(new Date().toISOString());
let hub: TestHub;
let second: TestHub;
let stage: Stage;
let id: string;
let old: string;

beforeAll(async () => {
  hub = await startTestHub({ clock });
  second = await startTestHub({ clock, besides: hub });
  stage = await setStage(hub);
});
afterAll(async () => {
  await second.stop();
  await hub.stop();
});
beforeEach(async () => {
  const { createApiKey } = await hub.ask('mutation { createApiKey(input: { name: "Desk", role: MARKETING }) { secret apiKey { id } } }');
  id = createApiKey.apiKey.id;
  old = createApiKey.secret;
});

interface Rotated {
  readonly secret: string;
  readonly apiKey: { readonly id: string; readonly previousSecretUntil: string | null };
}

const rotate = async (overlap?: number): Promise<Rotated> =>
  (await hub.ask(ROTATE, { id, ...(overlap !== undefined && { overlap }) })).rotateApiKey;
const opens = async (secret: string, at = hub): Promise<boolean> =>
  (await at.graphql('{ stores { id } }', {}, { key: secret })).status === 200;

async function socketWith(secret: string, at = hub): Promise<WebSocket> {
  const socket = new WebSocket(`${at.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${secret}` } }));
  await once(socket, 'message');
  return socket;
}

describe('a rotated key', () => {
  test('has a new secret at once, and the old one for a day, in every process', async () => {
    expect([await opens(old), await opens(old, second)]).toEqual([true, true]);
    const { secret, apiKey } = await rotate();
    expect(secret).toMatch(/^vh_marketing_/);
    expect(secret).not.toBe(old);
    expect(apiKey).toEqual({ id, previousSecretUntil: new Date(clock.now() + DAY_S * 1_000).toISOString() });
    for (const at of [hub, second]) for (const one of [old, secret]) expect(await opens(one, at)).toBe(true);
    clock.tick(DAY_S * 1_000 - 1);
    expect([await opens(old), await opens(old, second)]).toEqual([true, true]);
    clock.tick(1);
    for (const at of [hub, second]) expect([await opens(old, at), await opens(secret, at)]).toEqual([false, true]);
    const { apiKeys } = await hub.ask('{ apiKeys { id previousSecretUntil } }');
    expect(apiKeys).toContainEqual({ id, previousSecretUntil: null });
  });

  test('without an overlap ends the old secret at once, in another process as soon as that hears of it', async () => {
    expect(await opens(old, second)).toBe(true);
    const { secret, apiKey } = await rotate(0);
    expect(apiKey.previousSecretUntil).toBeNull();
    expect([await opens(old), await opens(secret)]).toEqual([false, true]);
    await eventually(async () => expect(await opens(old, second)).toBe(false));
  });

  test('rotated again keeps only the secret before', async () => {
    const { secret: middle } = await rotate();
    const { secret: newest } = await rotate();
    expect([await opens(old), await opens(middle), await opens(newest)]).toEqual([false, true, true]);
  });

  test('that is revoked opens with neither secret, and is not rotated any more', async () => {
    const { secret } = await rotate();
    await hub.ask('mutation ($id: ID!) { revokeApiKey(id: $id) { id } }', { id });
    expect([await opens(old), await opens(secret)]).toEqual([false, false]);
    expect((await hub.graphql(ROTATE, { id })).errors?.[0]?.extensions.code).toBe('CONFLICT');
  });

  test('closes sockets of the old secret when the overlap ends, and keeps those of the new', async () => {
    const { secret } = await rotate(60);
    const [doomed, elsewhere, spared] = await Promise.all([socketWith(old), socketWith(old, second), socketWith(secret)]);
    const closed = Promise.all([once(doomed, 'close'), once(elsewhere, 'close')]);
    clock.tick(60_000);
    expect((await closed).map(([code]) => code)).toEqual([4403, 4403]);
    expect(spared.readyState).toBe(WebSocket.OPEN);
    spared.terminate();
  });

  test('closes them at once where there is no overlap', async () => {
    const [doomed, elsewhere] = await Promise.all([socketWith(old), socketWith(old, second)]);
    const closed = Promise.all([once(doomed, 'close'), once(elsewhere, 'close')]);
    await rotate(0);
    expect((await closed).map(([code]) => code)).toEqual([4403, 4403]);
  });

  test('keeps its budget of attempts: both secrets are one key', async () => {
    const { createApiKey } = await hub.ask('mutation { createApiKey(input: { name: "Web", role: PUBLIC }) { secret apiKey { id } } }');
    id = createApiKey.apiKey.id;
    const guess = async (key: string) =>
      (
        await hub.ask(
          'query ($input: ValidateInput!) { validate(input: $input) { outcomes { ... on Rejection { publicReason } } } }',
          { input: { codes: ['DV0000000000000'], order: order(stage.storeId) } },
          { key },
        )
      ).validate.outcomes[0].publicReason;
    for (let time = 0; time < 20; time += 1) expect(await guess(createApiKey.secret)).toBe('NOT_USABLE');
    const { secret } = await rotate();
    expect(await guess(secret)).toBe('TRY_LATER');
  });

  test.each([-1, 2_592_001])('has no overlap of %s seconds', async (overlap) => {
    const { errors } = await hub.graphql(ROTATE, { id, overlap });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: 'overlapSeconds' });
  });

  test('must be there', async () => {
    expect((await hub.graphql(ROTATE, { id: 'key_nobody' })).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  });
});

describe('the key in admin.key', () => {
  test('is written anew there when it is rotated, and an old file that comes back opens nothing', async () => {
    const third = await startTestHub({ clock, besides: hub });
    const path = join(third.home, 'admin.key');
    const admin = (await hub.hub.keys.authenticate(third.adminKey))?.id as string;
    const rotated = (overlap: number): Promise<{ rotateApiKey: Rotated }> => third.ask(ROTATE, { id: admin, overlap });
    const { secret } = (await rotated(DAY_S)).rotateApiKey;
    expect(await readFile(path, 'utf8')).toBe(`${secret}\n`);
    expect(await third.hub.keys.ensureAdminKey(path)).toEqual({ secret, created: false });
    const { rotateApiKey: newest }: { rotateApiKey: Rotated } = await third.ask(ROTATE, { id: admin, overlap: 0 }, { key: secret });
    expect(await readFile(path, 'utf8')).toBe(`${newest.secret}\n`);

    await writeFile(path, `${third.adminKey}\n`);
    const keys = (await hub.hub.keys.list()).length;
    expect(await third.hub.keys.ensureAdminKey(path)).toEqual({ secret: third.adminKey, created: false });
    expect(await hub.hub.keys.list()).toHaveLength(keys);
    expect(await opens(third.adminKey)).toBe(false);
    await third.stop();
  });
});
