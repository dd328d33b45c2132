import { change, move } from './campaigns.ts';
import { decide } from './decide.ts';
import { earn, giveOut, refund, refusedToIssue } from './issuing.ts';
import { extend, fault, hold, holdOf, outcomesOf, redeem, redeemHold, refused, release } from './redeeming.ts';
import { type ModelState, voucherOf } from './state.ts';
import { voucherStatus } from './status.ts';
import { dayOf } from './sums.ts';
import { giveBack, takeAllBack, takenBack } from './take-back.ts';
import type { Answer, Command } from './words.ts';

const DAY = 86_400_000;
const DONE: Answer = { kind: 'done' };

/**
 * Does what a command asks and says what has to be answered. `observed`: what the hub said, looked at only where it is free to choose
 * (which code is given out, which of several is taken back).
 */
export function step(state: ModelState, command: Command, observed: Answer | null): Answer {
  if (!('key' in command)) return once(state, command, observed);
  const { key, ...rest } = command;
  // A redeem is one mutation, whether it names codes or a hold; so is a reversal, by redemption or by key.
  const scope = command.do === 'redeemHold' ? 'redeem' : command.do === 'reverseKey' ? 'reverse' : command.do;
  const asked = JSON.stringify(rest);
  const known = state.answers[`${scope} ${key}`];
  if (known && known.asked !== asked) return refused({ '': 'IDEMPOTENCY_KEY_REUSED' });
  if (known) return { ...known.answer, replayed: true } as Answer;
  const answer = once(state, command, observed);
  if (answer.kind !== 'fault') state.answers[`${scope} ${key}`] = { asked, answer };
  return answer;
}

type Doing = {
  readonly [Kind in Command['do']]: (state: ModelState, command: Extract<Command, { do: Kind }>, observed: Answer | null) => Answer;
};

const once = (state: ModelState, command: Command, observed: Answer | null): Answer =>
  (DOING[command.do] as (state: ModelState, command: Command, observed: Answer | null) => Answer)(state, command, observed);

const DOING: Doing = {
  tick: (state, { seconds }) => {
    state.now += seconds * 1_000;
    return DONE;
  },
  validate: (state, { codes, order }) => {
    const { outcomes, due } = decide(state, codes, order, holdOf(state, order, codes));
    return { kind: 'validated', outcomes: outcomesOf(outcomes), due };
  },
  hold,
  redeem: (state, { key, codes, order }) => redeem(state, key, codes, order, holdOf(state, order, codes)),
  redeemHold,
  extend,
  release,
  reverse: (state, command) => {
    const redemption = state.redemptions.find(({ name }) => name === command.redemption);
    if (!redemption) return fault('NOT_FOUND');
    const back = takenBack(redemption, command.back);
    if ('fault' in back) return fault(back.fault);
    if ('refused' in back) return refused({ [redemption.code]: back.refused });
    giveBack(redemption, back);
    return { kind: 'reversed', amounts: { [redemption.name]: back.amount }, replayed: false };
  },
  reverseKey: (state, { redeemKey }) => {
    state.answers[`redeem ${redeemKey}`] ??= { asked: 'undone before it came', answer: refused({}) };
    return { kind: 'reversed', amounts: takeAllBack(state, redeemKey), replayed: false };
  },
  issue: (state, { campaign, customer, days }, observed) => {
    const who = { campaign, code: '', customer, till: null, order: null, day: dayOf(state.now) };
    const reason = refusedToIssue(state, campaign, who);
    if (reason !== null) return refused({ '': reason });
    const code = observed?.kind === 'issued' ? observed.code : 'a voucher';
    const until = days === null ? null : state.now + days * DAY;
    return giveOut(state, code, who, until, null) ? { kind: 'issued', code, replayed: false } : fault(`${code} was somebody's`);
  },
  withdraw: (state, { code, to }) => {
    const voucher = voucherOf(state, code);
    if (voucher.withdrawn === to) return DONE;
    if (voucherStatus(state, code) === 'REDEEMED' || voucher.withdrawn === 'CANCELLED') return fault('CONFLICT');
    voucher.withdrawn = to;
    voucher.handled = true;
    return DONE;
  },
  move: (state, command) => told(move(state, command)),
  change: (state, command) => told(change(state, command)),
  record: (state, { order }, observed) => {
    if (!state.orders[order.id]) {
      state.orders[order.id] = { body: order, refunds: [] };
      earn(state, order, observed?.kind === 'recorded' ? observed.issued : {});
    }
    return { kind: 'recorded', issued: issuedOn(state, order.id) };
  },
  refund: (state, { order, line }, observed) => {
    const done = refund(state, order, line, observed?.kind === 'refunded' ? observed.takenBack : []);
    if (typeof done !== 'string') return { kind: 'refunded', ...done, replayed: false };
    return done === 'NOT_FOUND' || done === 'BAD_USER_INPUT' ? fault(done) : refused({ '': done });
  },
};

const told = (what: 'done' | 'CONFLICT' | 'BAD_USER_INPUT'): Answer => (what === 'done' ? DONE : fault(what));

function issuedOn(state: ModelState, order: string): Record<string, readonly string[]> {
  const issued = Map.groupBy(
    Object.values(state.vouchers).filter(({ source }) => source === order),
    ({ campaign }) => campaign,
  );
  return Object.fromEntries([...issued].map(([campaign, vouchers]) => [campaign, vouchers.map(({ code }) => code).sort()]));
}
