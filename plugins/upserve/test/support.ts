import type { Ctx, Fact, HubOrder } from '@valehub/connector-kit';
import { createCtx, createTransport, parseSettings, runFeed } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';

export const usd = (minor: number) => ({ minor, currency: 'USD' });

const NOW = Date.parse('2026-03-06T23:30:00Z');
const transport = createTransport({ allowPrivateHosts: true });
export const closeTransport = (): void => transport.close();

export interface Given {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly now?: () => number;
  readonly deadlineMs?: number;
  /** `null`: nobody has said which store it is. */
  readonly currency?: string | null;
}

/** `null`: not entered. */
export const parsed = (settings: Given['settings'] = {}) =>
  parseSettings(connector, { username: 'api-casa-pepa', password: 'password-1', apiKey: 'partner-key-1', ...settings });

export function ctxOf({ settings, now = () => NOW, deadlineMs = 20_000, currency = 'USD' }: Given = {}): Ctx {
  const result = parsed(settings);
  if (!result.ok) throw new Error(`the settings are refused: ${JSON.stringify(result.faults)}`);
  return createCtx({
    connector,
    ...result.parsed,
    store: () => (currency === null ? undefined : { storeId: 'store-1', currency, zone: 'America/Chicago' }),
    transport,
    now,
    deadlineMs,
  });
}

const ordersIn = (facts: readonly Fact[]): HubOrder[] => facts.flatMap((fact) => (fact.kind === 'order' ? [fact.order] : []));

/** A whole trading day, page by page. */
export async function readDay(ctx: Ctx, day = '2026-03-06'): Promise<HubOrder[]> {
  const facts: Fact[] = [];
  for (let page: string | undefined, isMore = true; isMore; ) {
    const ran = await runFeed(connector, ctx, 'checks', { day, ...(page === undefined ? {} : { page }) });
    if (!ran.ok) throw Object.assign(new Error(JSON.stringify(ran.failure)), { failure: ran.failure });
    facts.push(...ran.value.facts);
    page = ran.value.next;
    isMore = ran.value.more;
  }
  return ordersIn(facts);
}

/** Whatever the platform says, these hold: what a line costs, what was taken off it, and what the guest pays. */
export function addsUp(order: HubOrder, taxCents: number): void {
  const { lines, discounts, charges, total, tip, pricesIncludeTax } = order;
  const sum = (amounts: readonly { readonly minor: number }[]): number => amounts.reduce((all, { minor }) => all + minor, 0);
  for (const line of lines) {
    if (line.discount.minor > line.gross.minor) throw new Error(`more was taken off ${line.id} than it costs`);
    const times = Math.round(line.unitPrice.minor * Number(line.quantity));
    if (times !== line.gross.minor)
      throw new Error(`${line.id}: ${line.quantity} times ${line.unitPrice.minor} is not ${line.gross.minor}`);
  }
  const onLines = sum(lines.map(({ discount }) => discount));
  if (onLines !== sum(discounts.map(({ amount }) => amount))) throw new Error(`${onLines} lie on the lines, the discounts are others`);
  const goods = sum(lines.map(({ gross }) => gross)) - onLines + (pricesIncludeTax ? 0 : taxCents);
  const due = goods + sum(charges.map(({ amount }) => amount)) + (tip?.minor ?? 0);
  if (due !== total.minor) throw new Error(`${due} is due, the total is ${total.minor}`);
}
