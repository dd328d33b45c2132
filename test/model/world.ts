import type { CampaignDraft as HubDraft } from '../../src/domain/campaign/campaign.types.ts';
import type { Incentive as HubIncentive } from '../../src/domain/campaign/incentive.types.ts';
import type { Hub } from '../../src/domain/hub.ts';
import type { TestClock } from '../helpers/basics.ts';
import { ADMIN, aStore, codesOf } from '../helpers/domain.ts';
import type { WorldDraft } from './drafts.ts';
import type { ModelState } from './state.ts';
import { dayOf, plusDays } from './sums.ts';
import type { Incentive, Patch, Terms } from './words.ts';

const money = (minor: number) => ({ minor, currency: 'EUR' });

function hubIncentive(incentive: Incentive): HubIncentive {
  const scope =
    'sku' in incentive && incentive.sku !== null
      ? { scope: { include: { skus: [incentive.sku] }, excludeDiscounted: false, pick: 'ALL' as const } }
      : {};
  switch (incentive.kind) {
    case 'amount':
      return { amountOff: { amount: money(incentive.minor), ...scope } };
    case 'percent':
      return {
        percentOff: {
          percent: String(incentive.percent),
          ...(incentive.maximum !== null && { maximum: money(incentive.maximum) }),
          ...scope,
        },
      };
    case 'tender':
      return { tender: { value: money(incentive.minor) } };
    case 'gift':
      return { giftBalance: { value: money(incentive.minor) } };
  }
}

export const hubPatch = ({ incentive, limits, budget, minimumOrder, policy }: Patch) => ({
  ...(incentive && { incentive: hubIncentive(incentive) }),
  ...(limits !== undefined && { limits: [...limits] }),
  ...(budget !== undefined && { budget: budget === null ? null : money(budget) }),
  ...(minimumOrder !== undefined && { conditions: { minimumOrder } }),
  ...(policy !== undefined && { reversalPolicy: policy }),
});

const hubDraft = (name: string, terms: Terms, storeId: string, parentId: string | null): HubDraft => ({
  ...hubPatch(terms),
  name,
  incentive: terms.incentive && hubIncentive(terms.incentive),
  parentId,
  storeIds: [storeId],
  startsOn: terms.startsOn,
  endsOn: terms.endsOn,
  stacking: { priority: terms.priority, group: terms.group, exclusive: terms.exclusive },
  distribution: terms.distribution,
  issuance: terms.issuance && {
    conditions: { minimumOrder: terms.issuance.minimum },
    count: terms.issuance.count,
    ...(terms.issuance.every !== null && { everyAmount: terms.issuance.every }),
  },
});

/** What the names of a world are called in the hub. */
export interface Named {
  readonly storeId: string;
  readonly campaignIds: Readonly<Record<string, string>>;
  /** Short names of codes, for people. */
  readonly aliases: Map<string, string>;
}

export interface OpenedWorld {
  readonly named: Named;
  readonly state: ModelState;
}

/** Makes a world in the hub, apart from all others there, and the model of it. `tag`: nobody else's. */
export async function openWorld(hub: Hub, clock: TestClock, draft: WorldDraft, tag: string): Promise<OpenedWorld> {
  const now = clock.now();
  const today = dayOf(now);
  const store = await aStore(hub, { name: tag, maxVouchersPerOrder: draft.most });
  const campaignIds: Record<string, string> = {};
  const aliases = new Map<string, string>();
  const state: ModelState = {
    now,
    most: draft.most,
    campaigns: {},
    vouchers: {},
    redemptions: [],
    holds: [],
    orders: {},
    issued: [],
    answers: {},
  };
  const make = async (name: string, given: Terms, main: string | null) => {
    // Campaigns take turns by when they were made.
    clock.tick();
    const day = (text: string | null) => text && plusDays(today, Number(text));
    const terms = { ...given, startsOn: day(given.startsOn), endsOn: day(given.endsOn) };
    const { id } = await hub.campaigns.create(ADMIN, hubDraft(name, terms, store.id, main && (campaignIds[main] ?? null)));
    await hub.campaigns.activate(ADMIN, id);
    campaignIds[name] = id;
    const status = terms.startsOn !== null && today < terms.startsOn ? 'SCHEDULED' : 'ACTIVE';
    state.campaigns[name] = { name, main, status, terms, rejected: 0 };
    return id;
  };
  if (draft.main) await make('M', draft.main, null);
  for (const [at, { terms, underMain, codes, sequential, word }] of draft.campaigns.entries()) {
    const name = 'ABC'.charAt(at);
    const id = await make(name, terms, underMain && draft.main ? 'M' : null);
    const add = (code: string, alias: string, shared: boolean) => {
      aliases.set(code, alias);
      state.vouchers[code] = {
        code,
        campaign: name,
        shared,
        touched: false,
        handled: false,
        withdrawn: null,
        customer: null,
        until: null,
        promise: null,
        source: null,
      };
    };
    const how = sequential ? { sequential: { prefix: `${tag}${name}`.toUpperCase(), width: 15 } } : { random: { prefix: 'DV' } };
    for (const [n, code] of (await codesOf(hub, id, codes, how)).entries()) add(code, `${name}${n + 1}`, false);
    if (!word || terms.incentive?.kind === 'gift' || terms.distribution === 'CUSTOMER') continue;
    const [shared = ''] = await codesOf(hub, id, 1, { shared: `WORD${tag}${name}`.toUpperCase() });
    add(shared, `word of ${name}`, true);
  }
  state.now = clock.now();
  return { named: { storeId: store.id, campaignIds, aliases }, state };
}
