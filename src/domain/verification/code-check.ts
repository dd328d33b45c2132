import { type BatchRange, CodeSpace, type PatternRecord } from '../code/code-space.ts';
import { VoucherIds } from '../code/voucher-id.ts';
import { EVENTS } from './sql.ts';
import type { StreamCheck, StreamMeans } from './verification.types.ts';

const advice =
  'A code is computed from its place and the hub’s secret. Where all are wrong, the secret is another; where one is, its row was changed: put it back as it is in the last backup.';

interface VoucherPlaced {
  patternId: number;
  index: number;
  code: string;
  campaignId: string;
}

/** Codes by the patterns and batches there are, made as the hub makes them. */
export const codeCheck: StreamCheck = {
  name: 'codes',
  kind: 'stream',
  needsSecret: true,
  promises: 'Every voucher’s code is the one of its place, and its place lies in a batch of its campaign.',
  advice,
  async run(means) {
    const space = await spaceOf(means);
    let looked = 0;
    for await (const row of means.snapshot.stream<VoucherPlaced>(
      'select pattern_id as "patternId", idx as index, code, campaign_id as "campaignId" from voucher order by pattern_id, idx',
    )) {
      looked += 1;
      if (looked % 100_000 === 0) means.progress(looked);
      const hit = space.lookup(row.code);
      const place = `${row.patternId}:${row.index}`;
      const found =
        hit.found !== 'code'
          ? `it is no code of the hub`
          : hit.patternId !== row.patternId || hit.index !== row.index
            ? `it is the code of ${hit.patternId}:${hit.index}`
            : hit.campaignId !== row.campaignId
              ? `the batch belongs to ${hit.campaignId}, the voucher to ${row.campaignId}`
              : null;
      if (found !== null) means.find({ table: 'voucher', id: row.code, position: null, expected: `the code of place ${place}`, found });
    }
    return looked;
  },
};

interface Linked {
  position: number | null;
  type: string;
  code: string;
  voucherId: string;
  patternId: number | null;
  index: number | null;
}

/** The voucher’s id in an event is not part of its hash. */
export const voucherLinkCheck: StreamCheck = {
  name: 'voucher-links',
  kind: 'stream',
  needsSecret: true,
  promises: 'The voucher that an event names is the one of its code.',
  advice: 'The link is not part of the hash, the code is: the code is right.',
  async run(means) {
    const space = await spaceOf(means);
    const ids = new VoucherIds(keyringOf(means).voucherIdKey);
    let looked = 0;
    for await (const event of means.snapshot.stream<Linked>(
      `select event.position, type, event.code, voucher_id as "voucherId", pattern_id as "patternId", idx as index from ${EVENTS} event left join voucher on voucher.code = event.code
       where voucher_id is not null and event.code is not null`,
    )) {
      looked += 1;
      if (looked % 100_000 === 0) means.progress(looked);
      const hit = event.patternId === null ? space.lookup(event.code) : null;
      const place =
        event.patternId !== null
          ? { spaceId: event.patternId, index: event.index as number }
          : hit?.found === 'code'
            ? { spaceId: hit.patternId, index: hit.index }
            : null;
      const named = ids.decode(event.voucherId);
      if (named && place && named.spaceId === place.spaceId && named.index === place.index) continue;
      means.find({
        table: 'ledger_event',
        id: `${event.type} of ${event.code}`,
        position: event.position,
        expected: place ? ids.encode(place) : 'a code of the hub',
        found: event.voucherId,
      });
    }
    return looked;
  },
};

function keyringOf({ keyring }: StreamMeans): NonNullable<StreamMeans['keyring']> {
  if (keyring === null) throw new Error('This check needs the secret of the hub.');
  return keyring;
}

async function spaceOf(means: StreamMeans): Promise<CodeSpace> {
  const patterns = await means.snapshot.rows<PatternRecord>(
    'select id, kind, prefix, length, alphabet, check_character as "checkCharacter" from code_pattern',
  );
  const batches = await means.snapshot.rows<BatchRange>(
    'select id, campaign_id as "campaignId", pattern_id as "patternId", first_index as "firstIndex", count from code_batch',
  );
  const space = new CodeSpace(keyringOf(means).codeKey);
  space.learn(patterns, batches);
  return space;
}
