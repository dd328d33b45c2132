import { buffer } from 'node:stream/consumers';
import { inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inTransaction } from '../../src/database/transaction.ts';
import { CampaignService } from '../../src/domain/campaign/campaign.service.ts';
import { CodeService } from '../../src/domain/code/code.service.ts';
import type { GenerateCodesDraft } from '../../src/domain/code/code.types.ts';
import { housePattern, makeOneCode } from '../../src/domain/code/code-growth.ts';
import { Keyring } from '../../src/domain/shared/keyring.ts';
import { StoreService } from '../../src/domain/store/store.service.ts';
import { actor, type DomainFixture, intake, openFixture } from './fixture.ts';

const admin = actor('ADMIN');
let fixture: DomainFixture;
let codes: CodeService;
let campaigns: CampaignService;
let campaignId: string;
let keyNumber = 0;

beforeAll(async () => {
  fixture = await openFixture();
  const { database, clock } = fixture;
  const stores = new StoreService({ database, clock, listener: null });
  campaigns = new CampaignService({ database, clock, stores, listener: null });
  codes = anotherProcess();
  await codes.load();
  campaignId = (await campaigns.create(admin, { name: 'Ten percent', incentive: { percentOff: { percent: '10' } } })).id;
});
afterAll(async () => {
  codes.close();
  await fixture.close();
});

function anotherProcess(): CodeService {
  return new CodeService({
    database: fixture.database,
    clock: fixture.clock,
    keyring: new Keyring(Buffer.alloc(32, 7)),
    campaigns,
    attemptsPerMinute: 20,
    listener: fixture.listener,
  });
}

const generate = (draft: Partial<GenerateCodesDraft>) =>
  codes.generate(admin, { campaignId, idempotencyKey: `key ${++keyNumber}`, count: 1, ...draft });

describe('random codes', () => {
  test('exist at once, in their hundred millions, and are found by what they are', async () => {
    const batch = await generate({ count: 100_000_000, random: { prefix: 'DV' } });
    expect(batch).toMatchObject({ kind: 'RANDOM', campaignId, count: 100_000_000, guessOdds: 1e-4 });
    expect(batch.first).toMatch(/^DV\d{13}$/);
    expect(codes.lookup(batch.last)).toEqual({
      found: 'code',
      code: batch.last,
      patternId: batch.patternId,
      index: 99_999_999,
      batchId: batch.id,
      campaignId,
      shared: false,
    });
    const spaced = `${batch.first.slice(0, 2).toLowerCase()} ${batch.first.slice(2, 8)}-${batch.first.slice(8)}`;
    expect(codes.lookup(spaced)).toMatchObject({ found: 'code', index: 0, code: batch.first });
    expect(codes.sample(batch, 3)).toEqual([
      batch.first,
      codes.codeAt({ patternId: batch.patternId, index: 1 }),
      codes.codeAt({ patternId: batch.patternId, index: 2 }),
    ]);
  });

  test('of a second batch go on where the first ended, for another campaign', async () => {
    const other = await campaigns.create(admin, { name: 'Other', incentive: { percentOff: { percent: '10' } } });
    const batch = await generate({ campaignId: other.id, count: 5, random: { prefix: 'DV' } });
    expect(batch.firstIndex).toBe(100_000_000);
    expect(codes.lookup(batch.first)).toMatchObject({ found: 'code', campaignId: other.id, batchId: batch.id });
    const unmade = codes.codeAt({ patternId: batch.patternId, index: batch.firstIndex + 5 });
    expect(codes.lookup(unmade)).toEqual({ found: 'unknown', code: unmade });
    const typo = batch.first.slice(0, -1) + ((Number(batch.first.at(-1)) + 1) % 10);
    expect(codes.lookup(typo)).toEqual({ found: 'checkFailed', code: typo });
  });

  test('that are too easy to guess, or more than there are, are refused with the arithmetic', async () => {
    await expect(generate({ count: 1_000, random: { length: 6 } })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      faults: [{ path: 'input.random.length', message: expect.stringContaining('one try in 100') }],
    });
    await expect(generate({ count: 1_001, random: { prefix: 'X', length: 4 } })).rejects.toMatchObject({
      faults: [{ path: 'input.count', message: expect.stringContaining('1000') }],
    });
  });

  test('asked for by many at once never share an index', async () => {
    const batches = await Promise.all(Array.from({ length: 20 }, (_, at) => generate({ count: 3 + at, random: { prefix: 'PAR' } })));
    const ranges = batches.map(({ firstIndex, count }) => [firstIndex, firstIndex + count] as const).sort(([a], [b]) => a - b);
    ranges.reduce((end, [from, to]) => {
      expect(from).toBe(end);
      return to;
    }, 0);
  });
});

describe('numbered codes and words', () => {
  test('a book of nine characters counts on from its first number', async () => {
    const batch = await generate({ count: 100, sequential: { prefix: 'AB', start: 901 } });
    expect(batch).toMatchObject({ kind: 'SEQUENTIAL', first: 'AB0000901', last: 'AB0001000', guessOdds: 1e-5 });
    expect(codes.lookup('ab 0000950')).toMatchObject({ found: 'code', index: 950, batchId: batch.id });
    expect(codes.lookup('AB0000900')).toEqual({ found: 'unknown', code: 'AB0000900' });
  });

  test('no code belongs to two', async () => {
    await expect(generate({ count: 1, sequential: { prefix: 'AB', start: 1000 } })).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(generate({ count: 1, sequential: { prefix: 'AB0001', start: 0 } })).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(generate({ shared: 'ab 000 0999' })).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(generate({ count: 1, random: { prefix: 'AB', length: 7 } })).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await generate({ count: 1, sequential: { prefix: 'AB', start: 1001 } })).toMatchObject({ first: 'AB0001001' });
  });

  test('a word is one code for all, however it is typed', async () => {
    const batch = await generate({ shared: 'Summer 10' });
    expect(batch).toMatchObject({ kind: 'SHARED', count: 1, first: 'SUMMER10', last: 'SUMMER10' });
    expect(codes.lookup('summer-10')).toMatchObject({ found: 'code', shared: true, index: 0, campaignId });
    await expect(generate({ shared: 'SUMMER10' })).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(generate({ shared: 'WINTER10', count: 2 })).rejects.toMatchObject({ faults: [{ path: 'input.count' }] });
  });
});

describe('what is no code', () => {
  test.each([
    ['', 'malformed'],
    ['   ', 'malformed'],
    ['X'.repeat(65), 'malformed'],
    ['<script>', 'malformed'],
    ['DV123', 'malformed'],
    ['NOSUCHCODE', 'unknown'],
  ] as const)('%j is %s', (typed, found) => {
    expect(codes.lookup(typed).found).toBe(found);
  });
});

describe('making codes', () => {
  test('wants exactly one kind, and sound figures, by path', async () => {
    await expect(generate({})).rejects.toMatchObject({ code: 'BAD_USER_INPUT', faults: [{ path: 'input' }] });
    await expect(generate({ shared: 'X1', random: {} })).rejects.toMatchObject({ faults: [{ path: 'input' }] });
    await expect(generate({ count: 0, random: {} })).rejects.toMatchObject({ faults: [{ path: 'input.count' }] });
    await expect(generate({ random: { prefix: 'dv' } })).rejects.toMatchObject({ faults: [{ path: 'input.random.prefix' }] });
    await expect(generate({ count: 10, sequential: { width: 4, start: 9995 } })).rejects.toMatchObject({
      faults: [{ path: 'input.count' }],
    });
    await expect(generate({ sequential: { width: 3 } })).rejects.toMatchObject({ faults: [{ path: 'input.sequential.width' }] });
    await expect(generate({ idempotencyKey: '', random: {} })).rejects.toMatchObject({ faults: [{ path: 'input.idempotencyKey' }] });
  });

  test('wants a campaign that gives something and is not over', async () => {
    const main = await campaigns.create(admin, { name: 'Main' });
    await expect(generate({ campaignId: main.id, random: {} })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      faults: [{ path: 'input.campaignId' }],
    });
    await expect(generate({ campaignId: 'cmp_nobody', random: {} })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const over = await campaigns.create(admin, { name: 'Over', incentive: { percentOff: { percent: '10' } } });
    await campaigns.end(admin, over.id);
    await expect(generate({ campaignId: over.id, random: {} })).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  test('under one key happens once, and another order under it is a conflict', async () => {
    const order: GenerateCodesDraft = { campaignId, idempotencyKey: 'once', count: 7, random: { prefix: 'ONCE' } };
    const batches = await Promise.all([
      codes.generate(admin, order),
      codes.generate(admin, { ...order, random: { prefix: 'ONCE', length: 13, alphabet: null } }),
    ]);
    expect(batches[1]).toEqual(batches[0]);
    await expect(codes.generate(admin, { ...order, count: 8 })).rejects.toMatchObject({ code: 'CONFLICT' });
    const events = (await intake(fixture.database)).filter((event) => (event.data as { batchId: string }).batchId === batches[0]?.id);
    expect(events).toEqual([
      expect.objectContaining({
        type: 'CODES_GENERATED',
        campaign_id: campaignId,
        data: { batchId: batches[0]?.id, kind: 'RANDOM', count: 7, actorId: admin.id },
      }),
    ]);
  });

  test('a refused order leaves nothing behind, not even its key', async () => {
    await expect(generate({ idempotencyKey: 'again', count: 1_000, random: { prefix: 'N', length: 6 } })).rejects.toThrow();
    expect(await generate({ idempotencyKey: 'again', count: 3, random: { prefix: 'N', length: 12 } })).toMatchObject({ count: 3 });
    const { rows } = await fixture.database.pool.query("select length from code_pattern where prefix = 'N'");
    expect(rows).toEqual([{ length: 12 }]);
  });

  test('one by one, in a pattern of the house, keeps apart from what there is', async () => {
    const { id } = await campaigns.create(admin, { name: 'One by one', incentive: { percentOff: { percent: '10' } } });
    const pattern = await housePattern(codes);
    await codes.refresh();
    const make = () => inTransaction(fixture.database.pool, (client) => makeOneCode(client, id, pattern, fixture.clock.now()));
    const places = [
      await make(),
      ...(await Promise.all([make(), generate({ campaignId: id, count: 10, random: { prefix: 'DV' } }), make(), make()])),
    ];
    const made = places.flatMap((place) => ('index' in place ? [codes.codeAt(place)] : codes.sample(place, 10)));
    expect(new Set(made).size).toBe(14);
    for (const code of made) expect(await codes.find(code)).toMatchObject({ found: 'code', campaignId: id, patternId: pattern });
    const batchesOf = async () =>
      (await fixture.database.pool.query('select from code_batch where campaign_id = $1 and kept is not null', [id])).rowCount ?? 0;
    const other = await campaigns.create(admin, { name: 'In turns', incentive: { percentOff: { percent: '10' } } });
    for (let turn = 0; turn < 40; turn += 1) {
      await make();
      await inTransaction(fixture.database.pool, (client) => makeOneCode(client, other.id, pattern, fixture.clock.now()));
    }
    expect(await batchesOf()).toBeLessThanOrEqual(6);
    await expect(codes.patternFor({ prefix: '', length: 15, alphabet: '0123456789DV', checkCharacter: false })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
  });

  test('in one process is known in another as soon as it asks', async () => {
    const other = anotherProcess();
    await other.load();
    const batch = await generate({ count: 2, random: { prefix: 'NEW' } });
    expect(await other.find(batch.last)).toMatchObject({ found: 'code', batchId: batch.id });
    expect(await other.batch(batch.id)).toEqual(batch);
    other.close();
  });
});

describe('an export', () => {
  test('lists all codes in index order under its header, or one thousand of them', async () => {
    const batch = await generate({ count: 10_500, random: { prefix: 'CSV' } });
    const all = String(await buffer(codes.csv(batch) as NodeJS.ReadableStream)).split('\n');
    expect(all).toEqual(['code', ...codes.sample(batch, 10_500), '']);
    const last = String(await buffer(codes.csv(batch, 11) as NodeJS.ReadableStream)).split('\n');
    expect(last).toEqual(['code', ...all.slice(10_001)]);
    for (const part of [0, 12, 1.5]) expect(codes.csv(batch, part)).toBeNull();
  });

  test('of a book lists its numbers', async () => {
    const batch = await generate({ count: 3, sequential: { prefix: 'BK', start: 8 } });
    expect(String(await buffer(codes.csv(batch) as NodeJS.ReadableStream))).toBe('code\nBK0000008\nBK0000009\nBK0000010\n');
  });

  test('as a zip holds every part', async () => {
    const batch = await generate({ count: 2_001, random: { prefix: 'ZIP' } });
    const files = unzip(await buffer(codes.zip(batch)));
    expect([...files.keys()]).toEqual(['codes-1.csv', 'codes-2.csv', 'codes-3.csv']);
    expect([...files.values()].join('')).toBe(
      String(await buffer(codes.csv(batch) as NodeJS.ReadableStream)).replace(/(?:ZIP\d+\n){1000}/g, '$&code\n'),
    );
  });
});

/** Files by name, as the central directory at the end lists them. */
function unzip(zip: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const local = zip.readUInt32LE(at + 42);
    const content = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    files.set(name, String(inflateRawSync(zip.subarray(content, content + zip.readUInt32LE(at + 20)))));
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return files;
}
