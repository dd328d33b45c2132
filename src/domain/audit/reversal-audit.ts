import type pg from 'pg';
import type { Actor } from '../access/roles.ts';
import type { RedemptionRecord, ReversalRecord } from '../redemption/redemption.types.ts';
import { writeAudit } from './audit-writer.ts';

type Redemption = Pick<RedemptionRecord, 'id' | 'reversed' | 'currency'>;

/** Who took back how much of a redemption. */
export async function auditReversal(client: pg.PoolClient, actor: Actor, redemption: Redemption, reversal: ReversalRecord): Promise<void> {
  const { currency } = redemption;
  await writeAudit(client, {
    at: Date.parse(reversal.at),
    actorId: actor.id,
    operation: 'reverse',
    subjectId: redemption.id,
    before: { reversed: { minor: redemption.reversed, currency } },
    after: { reversed: { minor: redemption.reversed + reversal.amount, currency }, reversalId: reversal.id, reason: reversal.reason },
  });
}

/** Who saw to it that a redeem which had not arrived never will. */
export async function auditBurntKey(client: pg.PoolClient, actor: Actor, at: number, redeemKey: string): Promise<void> {
  await writeAudit(client, {
    at,
    actorId: actor.id,
    operation: 'reverse',
    subjectId: null,
    before: null,
    after: { redeemKey, burnt: true },
  });
}
