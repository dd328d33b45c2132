import { expect } from '@jest/globals';
import type { Hub } from '../../src/domain/hub.ts';
import { verifyBooks } from '../../src/domain/verification/verify-books.ts';
import { eventually } from '../helpers/basics.ts';
import { ADMIN, rowsOf, TEST_SECRET } from '../helpers/domain.ts';

/** Every redemption so far replays to what it was, and the verification finds nothing. */
export async function soundAndExplained(hub: Hub): Promise<void> {
  const ids = await rowsOf<{ id: string }>(hub, 'select id from redemption');
  expect(ids.length).toBeGreaterThan(0);
  for (const { id } of ids)
    expect({ id, explained: await hub.explanations.explain(ADMIN, id) }).toMatchObject({
      id,
      explained: { complete: true, differences: [] },
    });
  await eventually(async () => expect(await rowsOf(hub, 'select id from ledger_intake limit 1')).toEqual([]));
  const { checks } = await verifyBooks(hub.database.pool, { secretKey: TEST_SECRET });
  expect(checks.flatMap(({ findings }) => findings)).toEqual([]);
}
