import { CallError, type HubEvent, type MoneyKit, z } from '@valehub/connector-kit';
import type { Properties } from './batch.ts';

/** What a deal must hold so that events may come late, twice and in any order: what was given, and each reversal by its event. */
export interface DealState {
  readonly given?: string;
  readonly reversals: Readonly<Record<string, Reversal>>;
}
interface Reversal {
  readonly amount: string;
  /** Nothing of the redemption is left. */
  readonly whole: boolean;
}

export const STATE_PROPERTIES = ['voucher_given', 'voucher_reversals', 'voucher_status'] as const;

const kept = z.record(z.string(), z.strictObject({ amount: z.string(), whole: z.boolean() }));

function reversalsIn(text: string): DealState['reversals'] {
  try {
    return kept.parse(JSON.parse(text));
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof z.ZodError)) throw cause;
    throw new CallError({
      code: 'BAD_INPUT',
      path: 'voucher_reversals',
      message: 'The property voucher_reversals of the deal was changed by hand and cannot be read any more. Clear it, or put it back.',
    });
  }
}

/** As the deal stands at HubSpot. Throws `CallError` where a person has spoilt it. */
export function stateOf(properties: Readonly<Record<string, string | null | undefined>>): DealState {
  const { voucher_given: given, voucher_reversals: reversals } = properties;
  return { ...(given ? { given } : {}), reversals: reversals ? reversalsIn(reversals) : {} };
}

/** With one event more; an event that was counted before changes nothing. */
export function withEvent(state: DealState, event: HubEvent, money: MoneyKit): DealState {
  if (!event.amount) return state;
  const amount = money.toMajor(event.amount);
  if (event.type === 'VOUCHER_REDEEMED') return { ...state, given: amount };
  return { ...state, reversals: { ...state.reversals, [event.id]: { amount, whole: event.data['whole'] === true } } };
}

export type DealStatus = 'REDEEMED' | 'PARTLY_REVERSED' | 'REVERSED';

export function statusOf({ reversals }: DealState): DealStatus {
  const all = Object.values(reversals);
  if (all.some(({ whole }) => whole)) return 'REVERSED';
  return all.length > 0 ? 'PARTLY_REVERSED' : 'REDEEMED';
}

/** The deal's amount is what is left of what was given. Unknown while only a reversal has arrived. */
export function amountsOf(state: DealState, currency: string, money: MoneyKit): Properties {
  const { given, reversals } = state;
  const back = money.sum(
    Object.values(reversals).map(({ amount }) => money.fromMajor(amount, currency)),
    currency,
  );
  return {
    ...(given === undefined
      ? {}
      : {
          voucher_given: given,
          amount: money.toMajor({ minor: money.fromMajor(given, currency).minor - back.minor, currency }),
        }),
    ...(Object.keys(reversals).length > 0 ? { voucher_reversals: JSON.stringify(reversals) } : {}),
    voucher_status: statusOf(state),
  };
}
