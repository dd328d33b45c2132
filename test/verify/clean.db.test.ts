import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Finding } from '../../src/domain/verification/verification.types.ts';
import { type VerifyOptions, verifyBooks } from '../../src/domain/verification/verify-books.ts';
import { closeAgreed } from '../helpers/agree.ts';
import { openTestHub, TEST_SECRET, type TestHub } from '../helpers/domain.ts';
import { aSmallWorld } from './world.ts';

jest.setTimeout(120_000);

let t: TestHub;

beforeAll(async () => {
  t = await openTestHub();
  await aSmallWorld(t);
});
afterAll(() => closeAgreed(t));

const findingsOf = async (hub: TestHub['hub'], over: VerifyOptions = {}): Promise<(Finding & { check: string })[]> =>
  (await verifyBooks(hub.database.pool, { secretKey: TEST_SECRET, ...over })).checks.flatMap(({ name, findings }) =>
    findings.map((finding) => ({ check: name, ...finding })),
  );

test('a little of everything is found to agree', async () => {
  expect(await findingsOf(t.hub)).toEqual([]);
});
