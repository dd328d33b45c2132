import { randomUUID } from 'node:crypto';
import type { CampaignDraft, CampaignRecord, Issuance } from '../../src/domain/campaign/campaign.types.ts';
import type { Hub } from '../../src/domain/hub.ts';
import type { OrderDraft } from '../../src/domain/redemption/redemption.types.ts';
import { aCampaign, amount, anOrder, rowsOf } from '../helpers/domain.ts';

export const issuing = (over: Partial<Issuance> = {}): Issuance => ({ conditions: {}, count: 1, ...over });

/** Active: three euros off, one voucher for each paid order, unless told otherwise. */
export const anIssuingCampaign = (hub: Hub, over: Partial<Issuance> = {}, draft: Partial<CampaignDraft> = {}): Promise<CampaignRecord> =>
  aCampaign(hub, { name: 'Vuelve pronto', incentive: amount(300), issuance: issuing(over), ...draft });

const card = (minor: number) => ({ method: 'CARD', amount: minor, externalId: null, paidAt: null });

/** An order of its own for 20.00, paid. */
export const aPaidOrder = (storeId: string, over: Partial<OrderDraft> = {}): OrderDraft =>
  anOrder(storeId, { externalId: randomUUID(), payments: [card(2_000)], ...over });

export { card };

export interface IssuedRow {
  readonly code: string;
  readonly campaignId: string;
  readonly status: string;
  readonly customerId: string | null;
  readonly validFrom: Date | null;
  readonly validUntil: Date | null;
  readonly termsVersion: number | null;
}

/** What the order earned, as the rows say. */
export const earnedBy = (hub: Hub, orderId: string): Promise<IssuedRow[]> =>
  rowsOf<IssuedRow>(
    hub,
    `select code, campaign_id as "campaignId", status, customer_id as "customerId", valid_from as "validFrom", valid_until as "validUntil", terms_version as "termsVersion"
     from voucher where source_order_id = $1 order by created_at, campaign_id, pattern_id, idx`,
    [orderId],
  );

/** Why the order was not given what it earned. */
export const refusedOn = async (hub: Hub, externalId: string): Promise<string[]> =>
  (
    await rowsOf<{ reason: string }>(hub, "select reason from rejection where action = 'ISSUE' and order_external_id = $1 order by id", [
      externalId,
    ])
  ).map((row) => row.reason);
