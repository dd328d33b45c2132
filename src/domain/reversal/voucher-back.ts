import type pg from 'pg';
import { isBalanceKey } from '../decision/balance.ts';
import type { CounterUse } from '../decision/decision.types.ts';

interface Undone {
  readonly patternId: number;
  readonly index: number;
  readonly taken: readonly CounterUse[];
}

/**
 * What a reversal makes of the voucher, whose row is locked and whose counters are not moved yet: it goes back when nothing is left of the
 * redemption; a gift card is partly redeemed until nothing at all is left redeemed of it.
 */
export async function giveVoucherBack(client: pg.PoolClient, undone: Undone, back: { amount: number; whole: boolean }): Promise<void> {
  const place = [undone.patternId, undone.index];
  const card = undone.taken.find(({ key }) => isBalanceKey(key));
  if (card)
    await client.query(
      `update voucher set uses = uses - $3, status = case
         when status not in ('REDEEMED', 'PARTLY_REDEEMED') then status
         when uses = $3 then 'ISSUED'
         when uses - $3 >= max_uses or (select used from counter where key = $4) - $5 >= $6 then 'REDEEMED'
         else 'PARTLY_REDEEMED' end
       where pattern_id = $1 and idx = $2`,
      [...place, back.whole ? 1 : 0, card.key, back.amount, card.max],
    );
  else if (back.whole)
    await client.query(
      "update voucher set uses = uses - 1, status = case when status = 'REDEEMED' then 'ISSUED' else status end where pattern_id = $1 and idx = $2",
      place,
    );
}
