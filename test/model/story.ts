import { isDeepStrictEqual } from 'node:util';
import type { WorldDraft } from './drafts.ts';
import type { Answer, Body, Command, Terms } from './words.ts';

/** What was done and answered so far, for whoever reads a failure. */
export class Story {
  readonly #lines: string[];
  readonly #aliases: ReadonlyMap<string, string>;

  constructor({ most, main, campaigns, orders }: WorldDraft, aliases: ReadonlyMap<string, string>) {
    this.#aliases = aliases;
    this.#lines = [
      ...(most === null ? [] : [`At most ${most} vouchers an order.`]),
      ...(main ? [`Main campaign M: ${termsText(main)}`] : []),
      ...campaigns.map(
        ({ terms, underMain }, at) => `Campaign ${'ABC'.charAt(at)}${underMain && main ? ' under M' : ''}: ${termsText(terms)}`,
      ),
      ...orders.map((body, at) => `Order ${at + 1}: ${bodyText({ ...body, id: '' })}`),
    ];
  }

  add(command: Command, answer: Answer, when = ''): void {
    this.#lines.push(this.named(`${when}${commandText(command)}  ->  ${answerText(answer)}`));
  }

  /** Throws all of the story where the two are not alike. */
  same(what: string, hub: object, model: object): void {
    if (isDeepStrictEqual(plain(hub), plain(model))) return;
    const differences = differencesOf(plain(hub), plain(model), []).map((difference) => this.named(difference));
    throw new Error([`${what} is not what the model says.`, ...this.#lines, 'HUB against MODEL:', ...differences].join('\n  '));
  }

  get text(): string {
    return this.#lines.join('\n  ');
  }

  /** With the short names of codes. */
  named(text: string): string {
    let named = text;
    for (const [code, alias] of this.#aliases) named = named.replaceAll(code, alias);
    return named;
  }
}

const plain = (value: object): unknown => JSON.parse(JSON.stringify(value));

function differencesOf(hub: unknown, model: unknown, path: readonly string[]): string[] {
  if (isDeepStrictEqual(hub, model)) return [];
  const both = [hub, model].every((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
  if (!both) return [`${path.join(' / ') || 'all'}: ${JSON.stringify(hub)} against ${JSON.stringify(model)}`];
  const [ofHub, ofModel] = [hub as Record<string, unknown>, model as Record<string, unknown>];
  return [...new Set([...Object.keys(ofHub), ...Object.keys(ofModel)])].flatMap((name) =>
    differencesOf(ofHub[name], ofModel[name], [...path, name]),
  );
}

/** Only what is not as it mostly is. */
function termsText(terms: Terms): string {
  const { incentive, limits, ...rest } = terms;
  const usual: Readonly<Record<string, unknown>> = { policy: 'KEEP', distribution: 'OPEN' };
  const told = Object.entries(rest).filter(([name, value]) => value !== null && value !== 0 && value !== false && usual[name] !== value);
  return [
    incentive ? JSON.stringify(incentive) : 'no incentive',
    ...limits.map(({ counts, per, period, max }) => `${counts} per ${per} ${period} <= ${max}`),
    ...told.map(([name, value]) => `${name} ${JSON.stringify(value)}`),
  ].join(', ');
}

const bodyText = ({ id, lines, customer, till }: Body): string =>
  [
    id,
    lines.map((line) => `${line.quantity} ${line.id} at ${line.price}${line.discount > 0 ? ` less ${line.discount}` : ''}`).join(' + '),
    customer,
    till,
  ]
    .filter((text) => text)
    .join(', ');

function commandText(command: Command): string {
  const { do: what, ...rest } = command;
  const words = Object.entries(rest).map(([name, value]) =>
    typeof value === 'object' && value !== null && 'lines' in value
      ? `on [${bodyText(value)}]`
      : `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return `${what} ${words.join(', ')}`;
}

const answerText = ({ kind, ...rest }: Answer): string => `${kind} ${JSON.stringify(rest)}`;
