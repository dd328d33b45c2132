import type pg from 'pg';
import type { Logger } from 'pino';
import { inTransaction } from '../../database/transaction.ts';
import type { HoldKeeper } from '../hold/hold-keeper.ts';
import { writeEventsAndTell } from '../ledger/ledger-writer.ts';
import { type Clock, instantText } from '../shared/clock.ts';

export interface SweeperMeans {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly log: Logger;
  readonly keeper: HoldKeeper;
  voucherId(patternId: number, index: number): string;
}

const EVERY_MS = 1_000;
const AT_ONCE = 500;
/** Issued and never used, or a gift card with money left: each by an index of its own. */
const ENDED = ["status = 'ISSUED' and uses = 0", "status = 'PARTLY_REDEEMED'"];

/** What ends by the clock alone: holds and issued vouchers whose time is over. Any number of processes may sweep. */
export function startSweeper(means: SweeperMeans): { stop(): Promise<void> } {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= sweep(means)
      .catch((error: unknown) =>
        means.log.warn({ err: error }, 'Holds and vouchers whose time is over could not be ended; the next round tries again.'),
      )
      .finally(() => {
        running = undefined;
      });
  }, EVERY_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}

async function sweep(means: SweeperMeans): Promise<void> {
  await means.keeper.expireDue();
  for (const which of ENDED) while ((await expireVouchers(means, which)) === AT_ONCE);
}

/** Decisions never wait for this: they look at validUntil themselves. */
async function expireVouchers({ pool, clock, voucherId }: SweeperMeans, which: string): Promise<number> {
  const now = instantText(clock.now());
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ patternId: number; index: number; code: string; campaignId: string; customerId: string | null }>(
      `update voucher set status = 'EXPIRED' where (pattern_id, idx) in (
         select pattern_id, idx from voucher where ${which} and valid_until <= $1 order by pattern_id, idx limit ${AT_ONCE} for update skip locked)
       returning pattern_id as "patternId", idx as "index", code, campaign_id as "campaignId", customer_id as "customerId"`,
      [now],
    );
    await writeEventsAndTell(
      client,
      rows.map((row) => ({
        type: 'VOUCHER_EXPIRED' as const,
        at: now,
        campaignId: row.campaignId,
        code: row.code,
        data: {},
        voucherId: voucherId(row.patternId, row.index),
        customerId: row.customerId,
      })),
    );
    return rows.length;
  });
}
