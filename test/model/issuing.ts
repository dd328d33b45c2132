import { budgetOf, useOf } from './limits.ts';
import { stopped } from './refusing.ts';
import { type Counted, campaignOf, type ModelCampaign, type ModelState, type ModelVoucher, type Promised, usesOf } from './state.ts';
import { dayOf, sum, unitsOf } from './sums.ts';
import { giveBack, takenBack } from './take-back.ts';
import type { Body, Incentive, Issuance, Line, Terms } from './words.ts';

const ownersOf = (state: ModelState, campaign: string): [string, Terms][] => {
  const { name, main, terms } = campaignOf(state, campaign);
  return [[name, terms], ...(main === null ? [] : [[main, campaignOf(state, main).terms] as [string, Terms]])];
};

/** Why no voucher of the campaign may be given out. */
export function refusedToIssue(state: ModelState, campaign: string, who: Counted): string | null {
  const byHand = stopped(state, campaignOf(state, campaign));
  if (byHand !== null) return byHand;
  if (ownersOf(state, campaign).some(([, { endsOn }]) => endsOn !== null && who.day > endsOn)) return 'CAMPAIGN_ENDED';
  for (const [owner, { limits }] of ownersOf(state, campaign))
    for (const limit of limits) {
      if (limit.counts !== 'ISSUED' || (limit.per === 'CUSTOMER' && who.customer === null)) continue;
      if (useOf(state, owner, limit, who, null).used + 1 > limit.max) return `LIMIT_${limit.per}`;
    }
  return null;
}

/** Of each budget the sum printed on it must be left, or something. */
function unaffordable(state: ModelState, campaign: string): boolean {
  const incentive = campaignOf(state, campaign).terms.incentive as Incentive;
  const required = 'minor' in incentive ? Math.max(1, incentive.minor) : 1;
  return ownersOf(state, campaign).some(([owner, { budget }]) => {
    const { used, held } = budgetOf(state, owner, null);
    return budget !== null && used + held + required > budget;
  });
}

export const promiseOf = (state: ModelState, campaign: string): Promised => {
  const { terms, main } = campaignOf(state, campaign);
  return { own: terms, main: main === null ? null : campaignOf(state, main).terms };
};

/** Gives out this code, which nobody had touched; false where somebody had. */
export function giveOut(state: ModelState, code: string, who: Counted, until: number | null, source: string | null): boolean {
  const known = state.vouchers[code];
  if (known && (known.touched || known.handled || known.shared || known.withdrawn !== null || known.campaign !== who.campaign))
    return false;
  const promise = promiseOf(state, who.campaign);
  state.vouchers[code] = {
    code,
    campaign: who.campaign,
    shared: false,
    touched: true,
    handled: true,
    withdrawn: null,
    customer: who.customer,
    until,
    promise,
    source,
  };
  state.issued.push({ ...who, code });
  return true;
}

const worth = (lines: readonly Line[]): number => sum(unitsOf(lines).map(({ due }) => due));

function howMany({ minimum, count, every }: Issuance, lines: readonly Line[]): number {
  const total = worth(lines);
  if (lines.length === 0 || total < minimum) return 0;
  return count * (every === null ? 1 : Math.floor(total / every));
}

/** What an order that is recorded paid for the first time earns, by campaign in the order of their making; `codes` are those that were given. */
export function earn(state: ModelState, body: Body, codes: Readonly<Record<string, readonly string[]>>): void {
  const day = dayOf(state.now);
  for (const campaign of Object.values(state.campaigns)) {
    const { name } = campaign;
    for (let n = 0; n < wantedOf(state, campaign, body); n += 1) {
      const code = codes[name]?.[n] ?? `a voucher of ${name} that was not given`;
      const who = { campaign: name, code, customer: body.customer, till: body.till, order: body.id, day };
      if (refusedToIssue(state, name, who) !== null || unaffordable(state, name)) break;
      giveOut(state, code, who, null, body.id);
    }
  }
}

function wantedOf(state: ModelState, campaign: ModelCampaign, body: Body): number {
  const { terms } = campaign;
  const { issuance, incentive, startsOn, endsOn } = terms;
  if (issuance === null || incentive === null || stopped(state, campaign) !== null) return 0;
  const day = dayOf(state.now);
  if ((startsOn !== null && day < startsOn) || (endsOn !== null && day > endsOn)) return 0;
  const byCustomer = ownersOf(state, campaign.name).some(([, { limits }]) =>
    limits.some(({ counts, per }) => counts === 'ISSUED' && per === 'CUSTOMER'),
  );
  return body.customer === null && (byCustomer || terms.distribution === 'CUSTOMER') ? 0 : howMany(issuance, body.lines);
}

export interface Refunded {
  readonly amounts: Record<string, number>;
  readonly takenBack: readonly string[];
  readonly kept: readonly string[];
}

/** A piece of one line, or all of it. `taken`: which vouchers were said to be taken back, of those that could be. */
export function refund(state: ModelState, id: string, line: string | null, taken: readonly string[]): Refunded | string {
  const order = state.orders[id];
  if (!order) return 'NOT_FOUND';
  const before = (of: string) => order.refunds.filter((one) => one.line === of).length;
  if (line === null && order.refunds.some(({ whole }) => whole)) return 'ALREADY_REVERSED';
  const bought = order.body.lines.find((one) => one.id === line);
  if (line !== null && (!bought || before(line) >= bought.quantity)) return bought ? 'REVERSAL_EXCEEDS' : 'BAD_USER_INPUT';
  const whole = order.body.lines.every(({ id: of, quantity }) => before(of) + (of === line ? 1 : 0) >= quantity) || line === null;
  order.refunds.push({ line, whole });
  const amounts: Record<string, number> = {};
  for (const redemption of state.redemptions.filter((one) => one.order === id && !one.undone)) {
    if (line !== null && !whole && (redemption.kind === 'TENDER' || redemption.kind === 'GIFT')) continue;
    const back = takenBack(redemption, whole || line === null ? { by: 'whole' } : { by: 'unit', line });
    if (!('amount' in back)) continue;
    giveBack(redemption, back);
    amounts[redemption.name] = back.amount;
  }
  return { amounts, ...withdrawUnearned(state, id, taken) };
}

/** Vouchers that what is left of the order no longer earns: unused ones first. */
function withdrawUnearned(state: ModelState, id: string, taken: readonly string[]): Pick<Refunded, 'takenBack' | 'kept'> {
  const { body, refunds } = state.orders[id] as ModelState['orders'][string];
  const back: string[] = [];
  const kept: string[] = [];
  const gone = (line: string) => refunds.filter((one) => one.line === line).length;
  const left = refunds.some(({ whole }) => whole)
    ? []
    : body.lines.flatMap((line) => {
        const quantity = line.quantity - gone(line.id);
        if (quantity <= 0) return [];
        const discount =
          line.price * quantity -
          sum(
            unitsOf([line])
              .slice(gone(line.id))
              .map(({ due }) => due),
          );
        return [{ ...line, quantity, discount }];
      });
  for (const { name } of Object.values(state.campaigns)) {
    const standing = Object.values(state.vouchers).filter(
      (voucher) => voucher.source === id && voucher.campaign === name && voucher.withdrawn !== 'CANCELLED',
    );
    const issuance = standing[0]?.promise?.own.issuance;
    if (!issuance) continue;
    const excess = Math.max(0, standing.length - howMany(issuance, left));
    const unused = standing.filter(({ code }) => usesOf(state, code) === 0);
    const sorted = unused.sort(
      (a, b) => rank(state, a) - rank(state, b) || Number(taken.includes(b.code)) - Number(taken.includes(a.code)),
    );
    for (const voucher of sorted.slice(0, excess)) {
      voucher.withdrawn = 'CANCELLED';
      back.push(voucher.code);
    }
    const over = Math.max(0, excess - unused.length);
    kept.push(
      ...standing
        .filter(({ code }) => usesOf(state, code) > 0)
        .map(({ code }) => code)
        .slice(0, over),
    );
  }
  return { takenBack: back.sort(), kept: kept.sort() };
}

/** What is of no use to its holder goes last. */
const rank = (state: ModelState, { withdrawn, until }: ModelVoucher): number =>
  Number(withdrawn !== null || (until !== null && until <= state.now));
