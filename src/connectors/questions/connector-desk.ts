import type { Desk, DeskOrder, DeskOutcome, Money } from '@valehub/connector-kit';
import { CallError } from '@valehub/connector-kit';
import type { Actor } from '../../domain/access/roles.ts';
import type { AllocationShare } from '../../domain/decision/decision.types.ts';
import type {
  OrderDraft,
  RedemptionDesk,
  RedemptionRecord,
  RefusedAnswer,
  RejectionRecord,
} from '../../domain/redemption/redemption.types.ts';
import { HubError } from '../../domain/shared/errors.ts';
import { languageOf, reasonText } from '../../domain/shared/reason-texts.ts';
import type { StoreTerms } from '../../domain/store/store.types.ts';
import type { LiveConnection } from '../connections/connection-book.ts';
import { storeIdOf } from '../runner/connector-runner.ts';
import { kindAtTills, sharesByLine } from './given.ts';

export interface ConnectorDeskMeans {
  readonly desk: Pick<RedemptionDesk, 'validate' | 'hold' | 'redeem' | 'reverse'>;
  readonly store: (id: string) => StoreTerms | undefined;
  /** A campaign's name as guests read it. */
  readonly campaignName: (id: string) => string;
}

const LONGEST_KEY = 255;

/** The hub's decisions for a connector's questions: as a TILL in the stores of its connection, and nowhere else. */
export function connectorDesk(live: LiveConnection, means: ConnectorDeskMeans): Desk {
  const { desk } = means;
  const stores = [...new Set([...Object.values(live.settings.locations), ...(live.storeId === null ? [] : [live.storeId])])];
  const actor: Actor = { id: live.id, role: 'TILL', storeIds: stores, connectionId: live.id, partnerId: null };
  /** Keys of two connections never meet. */
  const keyOf = (key: string): string => `${live.id} ${key}`.slice(0, LONGEST_KEY);
  const nobody = { tillId: null, staffId: null };

  async function asked<T>(order: DeskOrder, ask: (draft: OrderDraft, tell: Teller) => Promise<T>): Promise<T> {
    const storeId = storeIdOf(live, order.location);
    const store = storeId === null ? undefined : means.store(storeId);
    if (store === undefined)
      throw new CallError({
        code: 'BAD_INPUT',
        message: `Nobody has said which store the location ${order.location ?? ''} is.`,
        path: 'location',
      });
    return orFailure(() => ask(orderDraft(live.id, store, order), teller(means, store, order.currency)));
  }

  return {
    validate: ({ codes, order }) =>
      asked(order, async (draft, tell) => {
        const { outcomes } = await desk.validate(actor, { codes, order: draft, ...nobody });
        return outcomes.map((outcome) =>
          'outcome' in outcome ? tell.granted({ ...outcome, campaignId: outcome.campaign.id }) : tell.refused(outcome),
        );
      }),
    hold: ({ key, codes, order, seconds }) =>
      asked(order, async (draft, tell) => {
        const answer = await desk.hold(actor, { idempotencyKey: keyOf(key), codes, order: draft, ttlSeconds: seconds, ...nobody });
        if (answer.kind === 'refused') return { holdId: null, outcomes: tell.allRefused(answer) };
        const outcomes = answer.hold.vouchers.map(({ code, campaignId, amount }) =>
          tell.granted({ code, campaignId, amount: amount ?? 0, kind: 'ORDER_DISCOUNT', allocations: [] }),
        );
        return { holdId: answer.hold.id, outcomes };
      }),
    redeem: ({ key, codes, order }) =>
      asked(order, async (draft, tell) => {
        const command = { idempotencyKey: keyOf(key), holdId: null, codes, order: draft, entryMode: 'SCANNED' as const, ...nobody };
        const answer = await desk.redeem(actor, command);
        if (answer.kind === 'refused') return { redeemed: false, outcomes: tell.allRefused(answer) };
        return { redeemed: true, outcomes: answer.redemptions.map((redemption) => tell.granted(fromRecord(redemption))) };
      }),
    reverse: ({ key, redeemKey, location }) =>
      orFailure(async () => {
        const answer = await desk.reverse(actor, {
          idempotencyKey: keyOf(key),
          redemptionId: null,
          redeemKey: keyOf(redeemKey),
          units: null,
          amount: null,
          reason: 'The platform took it back.',
        });
        if (answer.kind === 'reversed') return { reversed: true };
        const storeId = storeIdOf(live, location);
        const store = storeId === null ? undefined : means.store(storeId);
        const [first] = store === undefined ? [] : teller(means, store, store.currency).allRefused(answer);
        return { reversed: false, ...(first !== undefined && !first.ok ? { message: first.message } : {}) };
      }),
  };
}

interface Granted {
  readonly code: string;
  readonly kind: string;
  readonly amount: number;
  readonly allocations: readonly AllocationShare[];
  readonly campaignId: string;
}

const fromRecord = (record: RedemptionRecord): Granted => ({
  code: record.code,
  kind: record.kind,
  amount: record.amount,
  allocations: record.allocations ?? [],
  campaignId: record.campaignId,
});

interface Teller {
  granted(given: Granted): DeskOutcome;
  refused(rejection: RejectionRecord): DeskOutcome;
  allRefused(answer: RefusedAnswer): readonly DeskOutcome[];
}

/** The hub's words as a connector gets them: money with its currency, reasons in the store's language. */
function teller(means: ConnectorDeskMeans, store: StoreTerms, currency: string): Teller {
  const money = (minor: number): Money => ({ minor, currency });
  const setting = { language: languageOf(undefined, store.language), timeZone: store.timeZone };
  const refused = ({ code, reason, failures }: RejectionRecord): DeskOutcome => ({
    code: code ?? '',
    ok: false,
    reason,
    message: reasonText(reason, failures[0]?.facts ?? {}, setting),
  });
  return {
    refused,
    allRefused: ({ rejections }) => rejections.map(refused),
    granted: ({ code, kind, amount, allocations, campaignId }) => ({
      code,
      ok: true,
      amount: money(amount),
      kind: kindAtTills(kind),
      lines: sharesByLine(allocations, currency),
      campaign: means.campaignName(campaignId),
    }),
  };
}

const orderDraft = (source: string, store: StoreTerms, order: DeskOrder): OrderDraft => ({
  externalId: order.externalId,
  source,
  revision: null,
  storeId: store.id,
  channel: 'DINE_IN',
  placedAt: null,
  currency: order.currency,
  pricesIncludeTax: true,
  customer: order.customer ?? null,
  lines: order.lines.map((line) => ({
    id: line.id,
    sku: line.sku,
    name: line.name ?? null,
    group: line.group ?? null,
    brand: null,
    quantity: line.quantity,
    unitPrice: line.unitPrice.minor,
    discount: line.discount?.minor ?? 0,
    taxRate: null,
  })),
  payments: [],
});

/** What the hub refuses to take is the asker's fault, and said so in the table's words. */
async function orFailure<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (fault) {
    if (!(fault instanceof HubError)) throw fault;
    throw new CallError({ code: fault.code === 'FORBIDDEN' ? 'FORBIDDEN_SCOPE' : 'BAD_INPUT', message: fault.message });
  }
}
