import type { CodeKind } from './evening.ts';
import type { HubRedemption, HubSide } from './hub-rows.ts';
import type { Truth } from './platform.ts';
import { sum } from './sharing.ts';

export interface Compared {
  readonly truth: Truth;
  readonly kind: CodeKind;
}

type Say = (what: string, hub: unknown, platform: unknown) => void;

/** Where an order in the hub is not what it is at its platform; [] = to the cent. */
export function differencesOf({ truth, kind }: Compared, hub: HubSide): readonly string[] {
  const found: string[] = [];
  const say: Say = (what, ours, theirs) => {
    if (JSON.stringify(ours) !== JSON.stringify(theirs))
      found.push(`${truth.id} (${kind}): ${what} ${JSON.stringify(ours)}, at the platform ${JSON.stringify(theirs)}`);
  };
  const order = hub.orders.get(truth.id);
  const redemptions = hub.redemptions.get(truth.id) ?? [];
  const standing = redemptions.filter(({ undone }) => !undone);
  if (order === undefined) {
    // One that was gone before anybody looked leaves nothing.
    say('order', null, truth.state === 'VOIDED' ? null : truth.state);
    say('redemptions', redemptions.length, 0);
    return found;
  }
  say('state', order.state, truth.state);
  // Of what was cancelled some platforms tell no more than that.
  if (truth.state !== 'VOIDED') say('lines', ascending(order.lines), ascending(truth.lines));
  if (truth.state === 'VOIDED') say('standing redemptions', standing.map(codeOf), []);
  else {
    say('refunded', hub.refunded.get(truth.id) ?? 0, truth.refunded);
    say('taken off', order.off + sum(standing.map(({ byRefunds }) => byRefunds)), truth.takenOff);
    say(
      'redemptions of other codes',
      standing.map(codeOf).filter((code) => truth.codes[code] === undefined),
      [],
    );
    if (truth.state === 'OPEN') say('redemptions before it was paid', redemptions.map(codeOf), []);
    else for (const [code, amount] of Object.entries(truth.codes)) codeDiffers(say, { truth, kind }, { code, amount }, redemptions, hub);
  }
  return found;
}

function codeDiffers(
  say: Say,
  { truth, kind }: Compared,
  { code, amount }: { readonly code: string; readonly amount: number },
  redemptions: readonly HubRedemption[],
  hub: HubSide,
): void {
  const all = redemptions.filter((one) => one.code === code);
  const standing = all.filter(({ undone }) => !undone);
  const isContested = kind === 'twice' || kind === 'limited';
  if (kind === 'bogus') say(`redemptions of ${code}, which is no code`, all.length, 0);
  else if (isContested && standing.length === 0) say(`the rejection of ${code}`, (hub.rejected.get(truth.id) ?? []).includes(code), true);
  else if (truth.back === 'all') {
    say(`standing redemptions of ${code} after all came back`, standing.length, 0);
    say(`what ${code} had given before`, all.at(-1)?.booked, amount);
  } else standsAsGiven(say, truth, { code, amount }, standing);
}

/** Once, with the amount that was given, but for the lines that came back. */
function standsAsGiven(
  say: Say,
  { back }: Truth,
  { code, amount }: { readonly code: string; readonly amount: number },
  standing: readonly HubRedemption[],
): void {
  say(`standing redemptions of ${code}`, standing.length, 1);
  const [one] = standing;
  if (one === undefined) return;
  say(`amount of ${code}`, one.booked, amount);
  const kept = one.lines.map(({ lineId, given, stands }) => [lineId, back.includes(lineId) ? 0 : given, stands] as const);
  if (one.byRefunds > 0 || back.length > 0)
    say(
      `what stands of ${code} by line`,
      kept.map(([lineId, , stands]) => [lineId, stands]),
      kept.map(([lineId, expected]) => [lineId, expected]),
    );
}

const codeOf = ({ code }: HubRedemption): string => code;
const ascending = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);
