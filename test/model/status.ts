import { goodFor, inForce, type ModelState, paidWith, usesOf, voucherOf } from './state.ts';

/** As it is kept: HELD and EXPIRED are only shown. */
export function voucherStatus(state: ModelState, code: string): string {
  const voucher = voucherOf(state, code);
  const terms = inForce(state, voucher);
  const uses = usesOf(state, code);
  const most = goodFor(voucher, terms);
  if (voucher.withdrawn !== null) return voucher.withdrawn;
  const { incentive } = terms.own;
  const empty = incentive?.kind === 'gift' && paidWith(state, code) >= incentive.minor;
  if (uses > 0 && ((most !== null && uses >= most) || empty)) return 'REDEEMED';
  if (uses > 0 && incentive?.kind === 'gift') return 'PARTLY_REDEEMED';
  return voucher.touched ? 'ISSUED' : 'CREATED';
}
