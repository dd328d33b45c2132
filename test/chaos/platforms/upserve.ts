import type { CheckDraft } from '../../../plugins/upserve/test/check.ts';
import { startUpserve } from '../../../plugins/upserve/test/stand-in.ts';
import { Kept } from '../kept.ts';
import type { ChaosPlatform, Deed, Idea, Truth } from '../platform.ts';
import { sum } from '../sharing.ts';

const DAY = '2026-03-06';

interface Known {
  readonly idea: Idea;
  draft: CheckDraft;
  /** What went back, in cents. */
  refunded: number;
}

/** It tells nothing by itself: its trading days are read over and over. A voucher is a comp with its code as the reason. */
export async function upserve(now: () => number): Promise<ChaosPlatform> {
  const house = await startUpserve({ now });
  const known = new Kept<Known>();
  let count = 0;

  function change(id: string, made: (draft: CheckDraft) => CheckDraft): void {
    const order = known.of(id);
    house.change(id, (draft) => {
      order.draft = made(draft);
      return order.draft;
    });
  }
  const netOf = (id: string): number => house.truth(id).net;
  function giveBack(id: string, cents: number): void {
    known.of(id).refunded = cents;
    change(id, (draft) => ({ ...draft, payments: [...(draft.payments ?? []), { id: `${id}-back`, cents: -cents }] }));
  }

  const deeds: Readonly<Record<Deed, (id: string) => void>> = {
    pay: (id) =>
      change(id, (draft) => ({
        ...draft,
        status: 'Closed',
        closedAt: new Date(now()).toISOString(),
        payments: [{ id: `${id}-card`, cents: netOf(id), tipCents: known.of(id).idea.tip }],
      })),
    edit: (id) =>
      change(id, ({ comp, ...draft }) => (comp && comp.cents % 2 === 0 ? { ...draft, comp: { ...comp, cents: comp.cents / 2 } } : draft)),
    // Which dishes came back, nobody says: there is only the money.
    refundDish: (id) => giveBack(id, Math.floor(netOf(id) / 3)),
    refundAll: (id) => giveBack(id, netOf(id)),
    void: (id) => void house.voidCheck(id, 'Guest left'),
    delete: (id) => void house.removeCheck(id),
  };

  return {
    id: 'upserve',
    currency: 'USD',
    url: house.url,
    settings: house.settings,
    locations: [],
    feeds: ['checks'],
    deeds: ['pay', 'edit', 'refundDish', 'refundAll', 'void', 'delete'],
    untold: [],
    required: ['objects', 'open_time'],
    connected: () => undefined,
    place(idea) {
      count += 1;
      const id = `c-${count}`;
      const draft: CheckDraft = {
        id,
        openedAt: new Date(now()).toISOString(),
        items: idea.dishes.map(({ name, sku, unit, quantity }, at) => ({ id: `${id}-${at}`, name, article: sku, cents: unit, quantity })),
        ...(idea.discount === null ? {} : { comp: { cents: idea.discount.amount, reason: `Vale ${idea.discount.code}` } }),
      };
      known.set(id, { idea, draft, refunded: 0 });
      house.addCheck(draft, DAY);
      if (idea.paid) deeds.pay(id);
      return id;
    },
    do: (deed, id) => deeds[deed](id),
    truth(id): Truth {
      const { idea, draft, refunded } = known.of(id);
      const { state, comps } = house.truth(id);
      const lines = idea.dishes.map(({ unit, quantity }) => unit * quantity);
      const taken = sum(Object.values(comps));
      return {
        id: `${(draft.openedAt ?? '').slice(0, 10)}/${id}`,
        state,
        lines,
        takenOff: taken,
        refunded,
        codes: taken > 0 ? { [idea.discount?.code ?? '']: taken } : {},
        back: refunded > 0 && refunded === sum(lines) - taken ? 'all' : [],
      };
    },
    close: () => house.close(),
  };
}
