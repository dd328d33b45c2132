import type { Ctx, Desk, DeskOrder, Fact, HubOrder, Plain } from '@valehub/connector-kit';
import { createCtx, createTransport, deskOf, parseSettings, runAnswer, runRead } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { event, RESTAURANT, SECOND } from './fixtures.ts';
import type { ToastOrder } from './order.ts';

/** Members of a body. */
export type Members = Readonly<Record<string, Plain>>;

export const usd = (minor: number) => ({ minor, currency: 'USD' });

export interface Given {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly facts?: Readonly<Record<string, string>>;
  readonly location?: string;
  readonly currency?: string | null;
  readonly now?: () => number;
  readonly token?: string;
  readonly deadlineMs?: number;
}

export const NOW = Date.parse('2026-03-06T19:30:00Z');
const transport = createTransport({ allowPrivateHosts: true });
export const closeTransport = (): void => transport.close();

const base = {
  clientId: 'client-1',
  clientSecret: 'secret-of-the-client',
  restaurantGuid: RESTAURANT,
  locations: { [RESTAURANT]: 'store-1', [SECOND]: 'store-2' },
};

export function parsed(settings: Given['settings'] = {}) {
  const result = parseSettings(connector, { ...base, ...settings });
  if (!result.ok) throw new Error(`the settings are refused: ${JSON.stringify(result.faults)}`);
  return result.parsed;
}

/** A connection that is logged in. `currency: null`: nobody has said which stores the restaurants are. */
export function ctxOf(given: Given = {}): Ctx {
  const { settings, secrets } = parsed(given.settings);
  const { currency = 'USD' } = given;
  return createCtx({
    connector,
    settings,
    secrets,
    facts: given.facts ?? { currency: 'USD', phonePrefix: '1', group: 'group-pepa' },
    ...(given.location === undefined ? {} : { location: given.location }),
    store: () => (currency === null ? undefined : { storeId: 'store-1', currency, zone: 'America/Los_Angeles' }),
    credentials: {
      current: () => ({ secrets: { token: given.token ?? 'token-1' } }),
      renew: async () => ({ secrets: { token: given.token ?? 'token-1' } }),
    },
    transport,
    now: given.now ?? (() => NOW),
    deadlineMs: given.deadlineMs ?? 20_000,
  });
}

export const orderIn = (facts: readonly Fact[]): HubOrder => {
  const [fact] = facts;
  if (fact?.kind !== 'order') throw new Error(`no order: ${JSON.stringify(facts)}`);
  return fact.order;
};

/** The hub's order of Toast's, by way of an event. */
export async function hubOrderOf(order: ToastOrder, given: Given = {}): Promise<HubOrder> {
  const { details, ...rest } = event(order);
  const body = { location: details.restaurantGuid, order: details.order };
  const ran = await runRead(connector, ctxOf(given), { topic: rest.eventType, body, repeat: { key: 'e' } });
  if (!ran.ok) throw new Error(JSON.stringify(ran.failure));
  return orderIn(ran.value);
}

/** Whatever the platform says, these hold: what a line costs, what was taken off it, and what the guest pays. */
export function addsUp(order: HubOrder, taxCents: number): void {
  const { lines, discounts, charges, total, tip } = order;
  const sum = (amounts: readonly { readonly minor: number }[]): number => amounts.reduce((all, { minor }) => all + minor, 0);
  for (const line of lines) {
    if (line.discount.minor > line.gross.minor) throw new Error(`more was taken off ${line.id} than it costs`);
    const times = Math.round(line.unitPrice.minor * Number(line.quantity));
    if (times !== line.gross.minor)
      throw new Error(`${line.id}: ${line.quantity} times ${line.unitPrice.minor} is not ${line.gross.minor}`);
  }
  const onLines = sum(lines.map(({ discount }) => discount));
  if (onLines !== sum(discounts.map(({ amount }) => amount))) throw new Error(`${onLines} lie on the lines, the discounts are others`);
  const due = sum(lines.map(({ gross }) => gross)) - onLines + sum(charges.map(({ amount }) => amount)) + taxCents + (tip?.minor ?? 0);
  if (due !== total.minor) throw new Error(`${due} is due, the total is ${total.minor}`);
}

export interface Answered {
  readonly answer: Readonly<Record<string, unknown>>;
  readonly asked: readonly string[];
  readonly keys: readonly string[];
  readonly orders: readonly DeskOrder[];
}

type Codes = Parameters<typeof deskOf>[0];

/** Asks as a till does. */
export async function ask(
  question: 'loyalty' | 'tender',
  type: string,
  body: Plain,
  codes: Codes = {},
  given: Given & { readonly transaction?: string; readonly desk?: (desk: Desk) => Partial<Desk> } = {},
): Promise<Answered> {
  const { desk, asked, keys } = deskOf(codes, 'USD');
  const orders: DeskOrder[] = [];
  const seen: Desk = {
    ...desk,
    validate(input) {
      orders.push(input.order);
      return desk.validate(input);
    },
    redeem(input) {
      orders.push(input.order);
      return desk.redeem(input);
    },
  };
  const headers = {
    'toast-transaction-type': type,
    'toast-transaction-guid': given.transaction ?? 'transaction-1',
    'toast-restaurant-external-id': RESTAURANT,
  };
  const delivery = {
    method: 'POST',
    headers,
    query: {},
    body,
    bodyHash: 'h',
    receivedAt: '2026-03-06T19:30:00.000Z',
    signed: true,
  };
  const ran = await runAnswer(connector, ctxOf(given), { ...seen, ...given.desk?.(seen) }, question, body, delivery);
  if (!ran.ok) throw new Error(JSON.stringify(ran.failure));
  return { answer: ran.value as Answered['answer'], asked, keys, orders };
}
