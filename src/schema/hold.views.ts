import type { HoldRecord } from '../domain/redemption/redemption.types.ts';
import type { Hold } from './hold.results.ts';
import { money } from './money.results.ts';
import { pricedView } from './order.views.ts';

export const holdView = (record: HoldRecord): Hold => ({
  id: record.id,
  codes: record.codes,
  status: record.status,
  createdAt: record.createdAt,
  expiresAt: record.expiresAt,
  orderSource: record.orderSource,
  orderExternalId: record.orderExternalId,
  businessDay: record.businessDay,
  vouchers: record.vouchers.map(({ patternId, index, code, campaignId, amount }) => ({
    code,
    amount: amount === undefined ? null : money(amount, record.priced.currency),
    campaignId,
    place: { patternId, index },
  })),
  order: pricedView(record.priced),
  storeId: record.storeId,
});
