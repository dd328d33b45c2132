import type { CheckDraft, ItemDraft } from './check.ts';

export const CODE = 'DV-4711';

export const soup: ItemDraft = { id: 'i-soup', name: 'Sopa de pescado', article: 'a-soup', cents: 900, quantity: 2 };
export const steak: ItemDraft = {
  id: 'i-steak',
  name: 'Entrecot',
  article: 'a-steak',
  cents: 2400,
  modifiers: [150],
  comp: { cents: 510, percent: '20', reason: `Vale ${CODE}` },
};
/** Rung up by mistake: it was never sold. */
export const wine: ItemDraft = { id: 'i-wine', name: 'Rioja', article: 'a-wine', cents: 3100, void: 'Wrong table' };

/** 18.00 and 25.50, of which 5.10 are given away: 38.40, tax 3.07. */
export const check: CheckDraft = {
  id: 'check-1',
  status: 'Closed',
  items: [soup, steak, wine],
  taxCents: 307,
  payments: [{ id: 'p-1', cents: 4147, tipCents: 600 }],
};
