import type { Ctx, Failure, HubOrder, Plain } from '@valehub/connector-kit';
import { createCtx, createTransport, parseSettings, runFetch, type StandIn } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { data, SHOP } from './fixtures.ts';

export const transport = createTransport({ allowPrivateHosts: true });

/** A connection by a token that does not expire. */
export function ctxAt(
  url: string,
  facts: Readonly<Record<string, string>> = { currency: 'EUR' },
  now = Date.parse('2026-03-06T21:00:00Z'),
): Ctx {
  const parsed = parseSettings(connector, { shop: SHOP, accessToken: 'token-1', apiBaseUrl: url });
  if (!parsed.ok) throw new Error('the settings are refused');
  return createCtx({
    connector,
    ...parsed.parsed,
    account: SHOP,
    facts,
    store: () => undefined,
    transport,
    now: () => now,
    deadlineMs: 2_000,
  });
}

export const answers = (standIn: StandIn, ...members: readonly object[]): void =>
  standIn.answer(members.map((each) => ({ body: data(each) as unknown as Plain })));

export const eur = (minor: number) => ({ minor, currency: 'EUR' });

export async function readOrder(standIn: StandIn, ...members: readonly object[]): Promise<HubOrder> {
  answers(standIn, ...members);
  const ran = await runFetch(connector, ctxAt(standIn.url), 'order', ['101']);
  if (!ran.ok) throw new Error(JSON.stringify(ran.failure));
  const [fact] = ran.value;
  if (fact?.kind !== 'order') throw new Error('no order');
  return fact.order;
}

export async function failureOf(standIn: StandIn): Promise<Failure> {
  const ran = await runFetch(connector, ctxAt(standIn.url), 'order', ['101']);
  if (ran.ok) throw new Error('it went well');
  return ran.failure;
}

/** What was asked, in order: the operation's name with its variables. */
export const asked = (standIn: StandIn): { readonly name: string; readonly variables: Record<string, unknown> }[] =>
  standIn.requests.map(({ body }) => {
    const { query, variables } = JSON.parse(body) as { query: string; variables: Record<string, unknown> };
    return { name: /(?:query|mutation) (\w+)/.exec(query)?.[1] ?? '', variables };
  });
