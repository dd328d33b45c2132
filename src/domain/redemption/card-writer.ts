import type pg from 'pg';
import { balanceKey } from '../decision/balance.ts';
import type { ApplicableDraft } from '../decision/decision.types.ts';
import { type DecisionState, voucherKey } from './state.ts';

type CardStatus = 'PARTLY_REDEEMED' | 'REDEEMED';

/** Gift cards that a batch moved, by voucher. */
export type Cards = Map<string, { pattern_id: number; idx: number; status: CardStatus }>;

/** Before the counters are moved: whether this takes the last of the card's money. null = it is no gift card. */
export function cardStatus({ voucher, counters }: ApplicableDraft, state: DecisionState): CardStatus | null {
  const use = counters.find(({ key }) => key === balanceKey(voucher.id));
  if (use === undefined) return null;
  const used = (state.counters.get(use.key)?.used ?? 0) + use.delta;
  return use.max !== null && used >= use.max ? 'REDEEMED' : 'PARTLY_REDEEMED';
}

export function moveCard(cards: Cards, { voucher: { spaceId, index } }: ApplicableDraft, status: CardStatus): void {
  cards.set(voucherKey(spaceId, index), { pattern_id: spaceId, idx: index, status });
}

/** Their status hangs on money, not on uses, so it is written apart from the statement that all other vouchers share. */
export async function writeCards(client: pg.PoolClient, cards: Cards): Promise<void> {
  if (cards.size === 0) return;
  await client.query(
    `update voucher set status = card.status
     from json_to_recordset($1::json) as card (pattern_id int, idx bigint, status text)
     where voucher.pattern_id = card.pattern_id and voucher.idx = card.idx`,
    [JSON.stringify([...cards.values()])],
  );
}
