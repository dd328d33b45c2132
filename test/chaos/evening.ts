import { type Chance, chanceFor, drawn, type Weighted } from './chance.ts';
import type { Deed, Idea } from './platform.ts';
import { grossOf, sum } from './sharing.ts';

/** What the code on an order is to the hub. */
export type CodeKind = 'none' | 'own' | 'bogus' | 'twice' | 'limited';

export interface PlannedOrder {
  readonly number: number;
  /** Of the platforms' list. */
  readonly platform: number;
  readonly idea: Idea;
  readonly kind: CodeKind;
  /** In the order in which they happen. */
  readonly deeds: readonly { readonly step: number; readonly deed: Deed | 'place' }[];
}

export interface Codes {
  readonly own: readonly string[];
  /** Each stands on two orders. */
  readonly twice: readonly string[];
  /** Of a campaign that ends before they do. */
  readonly limited: readonly string[];
}

/** A platform, as far as what may happen there depends on it. */
export interface Venue {
  readonly deeds: readonly Deed[];
  readonly codes: Codes;
}

const PER_STEP = 4;
const LONGEST_STEPS = 40;
const KINDS = [
  { what: 'own', weight: 420 },
  { what: 'bogus', weight: 70 },
  { what: 'twice', weight: 80 },
  { what: 'limited', weight: 60 },
] as const satisfies readonly Weighted<CodeKind>[];
const LATER = [
  { what: 'edit', weight: 70 },
  { what: 'refundDish', weight: 90 },
  { what: 'refundAll', weight: 70 },
  { what: 'void', weight: 60 },
  { what: 'delete', weight: 30 },
] as const satisfies readonly Weighted<Deed>[];
const OPEN = 300;
const MENU = [
  { name: 'Arroz', sku: 'RICE', unit: 1_850 },
  { name: 'Jamón', sku: 'HAM', unit: 1_495 },
  { name: 'Vino', sku: 'WINE', unit: 333 },
  { name: 'Tarta', sku: 'CAKE', unit: 677 },
  { name: 'Agua', sku: 'WATER', unit: 219 },
] as const;

/** How many codes of each kind an evening of so many orders may need. */
export const codesNeeded = (orders: number): { readonly own: number; readonly twice: number; readonly limited: number } => ({
  own: Math.ceil(orders * 0.55) + 20,
  twice: Math.ceil(orders * 0.1) + 20,
  limited: Math.ceil(orders * 0.15) + 20,
});

function ideaOf(chance: Chance, code: string | null, paid: boolean): Idea {
  const first = chance.below(MENU.length);
  const dishes = Array.from({ length: 2 + chance.below(3) }, (_, at) => {
    const dish = MENU[(first + at) % MENU.length] ?? MENU[0];
    return { ...dish, quantity: 1 + chance.below(3) };
  });
  const all = sum(dishes.map(grossOf));
  // Not always what the rules would reckon: what a till gave, it gave.
  const amount = Math.max(1, Math.floor((all * (8 + chance.below(5))) / 100));
  return { dishes, discount: code === null ? null : { code, amount }, tip: chance.below(4) === 0 ? 50 + chance.below(400) : 0, paid };
}

const NOWHERE: Venue = { deeds: [], codes: { own: [], twice: [], limited: [] } };

/** The whole evening, decided before it begins: the same seed, the same evening. */
export function planEvening(seed: number, orders: number, platforms: readonly Venue[]): readonly PlannedOrder[] {
  const used = new Map<Codes, { own: number; twice: number; limited: number }>();
  const codeOf = (kind: CodeKind, number: number, codes: Codes): string | null => {
    const next = used.get(codes) ?? { own: 0, twice: 0, limited: 0 };
    used.set(codes, next);
    switch (kind) {
      case 'none':
        return null;
      case 'bogus':
        return `DV00BOGUS${number}`;
      case 'own':
      case 'limited':
        next[kind] += 1;
        return codes[kind][next[kind] - 1] ?? null;
      case 'twice':
        next.twice += 1;
        return codes.twice[(next.twice - 1) >> 1] ?? null;
    }
  };
  return Array.from({ length: orders }, (_, number): PlannedOrder => {
    const chance = chanceFor(seed, `order ${number}`);
    const platform = chance.below(platforms.length);
    const { deeds: possible, codes } = platforms[platform] ?? NOWHERE;
    const kind = drawn(chance, KINDS) ?? 'none';
    const later = drawn(chance, LATER);
    // Who is first with a code that only one may use is decided by when each was heard of: those orders stay as they are.
    const isContested = kind === 'twice' || kind === 'limited';
    const paid = !possible.includes('pay') || chance.below(1_000) >= OPEN;
    const begun = Math.floor(number / PER_STEP);
    const deeds: { step: number; deed: Deed | 'place' }[] = [{ step: begun, deed: 'place' }];
    const after = (): number => (deeds.at(-1)?.step ?? begun) + chance.below(LONGEST_STEPS);
    // Some guests never pay.
    if (!paid && chance.below(20) > 0) deeds.push({ step: after(), deed: 'pay' });
    const isPaid = paid || deeds.length > 1;
    const needsPaid = later === 'refundDish' || later === 'refundAll' || later === 'edit';
    if (later !== undefined && possible.includes(later) && !isContested && (isPaid || !needsPaid))
      deeds.push({ step: after(), deed: later });
    return { number, platform, idea: ideaOf(chance, codeOf(kind, number, codes), paid), kind, deeds };
  });
}
