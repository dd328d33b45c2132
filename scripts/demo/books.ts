import type { AtCounter } from './counter.ts';
import type { Played } from './evening.ts';
import type { HubClient, LedgerEvent } from './hub-client.ts';
import type { MailSink } from './mail-sink.ts';
import type { SquareCheck, SquarePlatform } from './square-platform.ts';
import type { Stage } from './stage.ts';

export interface Line {
  readonly what: string;
  readonly players: number;
  readonly hub: number;
  readonly ledger: number;
}

interface Sums {
  readonly main: { readonly budget: { readonly used: { readonly minor: number } } };
  readonly ten: Counts;
  readonly tapeo: Counts;
  readonly back: Counts;
  readonly earned: Counts;
  readonly gift: { readonly value: { readonly minor: number }; readonly balance: { readonly minor: number } };
  readonly five: { readonly redemptions: { readonly edges: readonly { readonly node: Redemption }[] } };
  readonly redemptions: { readonly edges: readonly { readonly node: Redemption }[] };
}
interface Counts {
  readonly counts: { readonly issued: number; readonly redeemed: number; readonly reversed: number; readonly rejected: number };
}
interface Redemption {
  readonly amount: { readonly minor: number };
  readonly reversals: readonly { readonly amount: { readonly minor: number } }[];
}

const SUMS = `query ($main: ID!, $ten: ID!, $tapeo: ID!, $back: ID!, $earned: ID!, $gift: String!, $five: String!, $campaigns: [ID!]!) {
  main: campaign(id: $main) { budget { used { minor } } }
  ten: campaign(id: $ten) { counts { issued redeemed reversed rejected } }
  tapeo: campaign(id: $tapeo) { counts { issued redeemed reversed rejected } }
  back: campaign(id: $back) { counts { issued redeemed reversed rejected } }
  earned: campaign(id: $earned) { counts { issued redeemed reversed rejected } }
  gift: voucher(code: $gift) { value { minor } balance { minor } }
  five: voucher(code: $five) { redemptions { edges { node { amount { minor } reversals { amount { minor } } } } } }
  redemptions(first: 500, filter: { campaignIds: $campaigns }) { edges { node { amount { minor } reversals { amount { minor } } } } }
}`;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Three books side by side: what the players sent and heard, what the hub's tables say, what its ledger says. */
export async function compare(
  hub: HubClient,
  stage: Stage,
  played: Played,
  counter: AtCounter,
  square: SquarePlatform,
  mail: MailSink,
  ledger: readonly LedgerEvent[],
): Promise<Line[]> {
  const autumn = [stage.tenOff.id, stage.tapeo.id];
  const hubs = await hub.ask<Sums>(SUMS, {
    main: stage.main,
    ten: stage.tenOff.id,
    tapeo: stage.tapeo.id,
    back: stage.comeBack,
    earned: stage.counter.earned,
    gift: stage.counter.gift.code,
    five: stage.counter.five.code,
    campaigns: autumn,
  });
  const checks = square.checks.filter((check) => check.discount && granted(check, stage));
  const recorded = ledger.filter((event) => event.type === 'ORDER_RECORDED').length;
  const of = (type: string, ...campaigns: string[]) =>
    ledger.filter((event) => event.type === type && event.campaignId !== null && campaigns.includes(event.campaignId));
  const amounts = (type: string, ...campaigns: string[]) => sum(of(type, ...campaigns).map((event) => event.amount?.minor ?? 0));
  const five = hubs.five.redemptions.edges.map((edge) => edge.node);
  const all = hubs.redemptions.edges.map((edge) => edge.node);
  const reversed = sum(checks.map(takenBack));
  const gross = sum(played.granted.map((one) => one.minor)) + sum(checks.map((check) => check.discount?.amount ?? 0));
  return [
    {
      what: 'redemptions',
      players: played.granted.length + checks.length,
      hub: all.length,
      ledger: of('VOUCHER_REDEEMED', ...autumn).length,
    },
    {
      what: 'discount given, cents',
      players: gross,
      hub: sum(all.map((one) => one.amount.minor)),
      ledger: amounts('VOUCHER_REDEEMED', ...autumn),
    },
    {
      what: 'discount taken back, cents',
      players: reversed,
      hub: sum(all.flatMap((one) => one.reversals.map((reversal) => reversal.amount.minor))),
      ledger: amounts('REDEMPTION_REVERSED', ...autumn),
    },
    {
      what: 'budget used, cents',
      players: gross - reversed,
      hub: hubs.main.budget.used.minor,
      ledger: amounts('VOUCHER_REDEEMED', ...autumn) - amounts('REDEMPTION_REVERSED', ...autumn),
    },
    {
      what: 'refused at tills, known codes',
      players: played.refused.filter((one) => !one.reason.startsWith('CODE_')).length + 1,
      hub: hubs.ten.counts.rejected + hubs.tapeo.counts.rejected,
      ledger: of('VOUCHER_REJECTED', ...autumn).length,
    },
    {
      what: 'checks recorded',
      players: square.checks.length + counter.recorded,
      hub: recorded,
      ledger: recorded,
    },
    {
      what: 'follow-up vouchers',
      players: played.guests.length + played.unreachable.length,
      hub: hubs.back.counts.issued,
      ledger: of('VOUCHER_ISSUED', stage.comeBack).length,
    },
    {
      what: 'follow-up mails',
      players: played.guests.length,
      hub: mail.mails.length,
      ledger: of('VOUCHER_ISSUED', stage.comeBack).length - mail.refused,
    },
    {
      what: 'paid by gift card, cents',
      players: counter.paid,
      hub: hubs.gift.value.minor - hubs.gift.balance.minor,
      ledger: amounts('VOUCHER_REDEEMED', stage.counter.gift.id),
    },
    {
      what: 'vouchers printed below checks',
      players: counter.printed,
      hub: hubs.earned.counts.issued,
      ledger: of('VOUCHER_ISSUED', stage.counter.earned).length,
    },
    {
      what: 'clawed back, cents',
      players: counter.clawedBack,
      hub: sum(five.flatMap((one) => one.reversals.map((reversal) => reversal.amount.minor))),
      ledger: amounts('REDEMPTION_REVERSED', stage.counter.five.id),
    },
  ];
}

/** The hub took the code of this check, as no till had used it before. */
const granted = (check: SquareCheck, stage: Stage): boolean =>
  stage.tenOff.codes.slice(30).some((code) => check.discount?.name.includes(code));

/** Voided: all of it. A plate came back: its share to the cent, the rest of the division lying on the first plates. */
function takenBack(check: SquareCheck): number {
  const given = check.discount?.amount ?? 0;
  if (check.state === 'CANCELED') return given;
  const plain = Math.floor(given / check.plates);
  const extra = given - plain * check.plates;
  return sum(Array.from({ length: check.returned }, (_, plate) => plain + (plate < extra ? 1 : 0)));
}
