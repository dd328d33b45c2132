import type { CodePlace } from '../domain/code/code.types.ts';
import { instantText } from '../domain/shared/clock.ts';
import type { VoucherView } from '../domain/voucher/voucher.types.ts';
import type { Context } from './context.ts';
import { seesVouchersOf } from './visibility.ts';
import type { Voucher } from './voucher.results.ts';

/** A voucher whose state is at hand. */
export function voucherView(state: VoucherView): Voucher {
  return { id: state.id, code: state.code, campaignId: state.campaignId, place: { patternId: state.spaceId, index: state.index }, state };
}

/** A voucher of which only the code is known: its state is looked up when somebody asks for it. */
export function voucherLink(context: Context, place: CodePlace, code: string, campaignId: string): Voucher {
  return { id: context.hub.codes.voucherId(place), code, campaignId, place, state: null };
}

export async function voucherState(context: Context, voucher: Voucher): Promise<VoucherView> {
  const state = voucher.state ?? (await context.loaders.voucher(voucher.place));
  if (!state) throw new Error(`Voucher ${voucher.id} has no code batch any more.`);
  return state;
}

export const instantOf = (epochMs: number | null): string | null => (epochMs === null ? null : instantText(epochMs));

/** A voucher that is sure to exist, as it stands now. */
export async function voucherAt(context: Context, { patternId, index }: CodePlace): Promise<Voucher> {
  const state = await context.loaders.voucher({ patternId, index });
  if (!state) throw new Error(`No code batch reaches to place ${index} of pattern ${patternId}.`);
  return voucherView(state);
}

/** Vouchers that are sure to exist, as far as the caller may see them. */
export async function vouchersSeen(context: Context, places: readonly CodePlace[]): Promise<Voucher[]> {
  const seen = await Promise.all(
    places.map(async (place) => {
      const voucher = await voucherAt(context, place);
      const campaign = await context.loaders.campaign(voucher.campaignId);
      return campaign && seesVouchersOf(context.actor, campaign) ? [voucher] : [];
    }),
  );
  return seen.flat();
}
