import type { Plain } from '@valehub/connector-kit';
import type { PlatformReply, PlatformRequest, Route } from '@valehub/connector-kit/testing';
import { checkForm, isClosed, type TillCheck } from './stand-in-till.ts';

type Json = { readonly [name: string]: Plain };
interface Entry {
  readonly total?: number;
  readonly referenceText?: string;
  readonly extensions?: readonly Json[];
}
interface Round {
  readonly header: { readonly idempotencyId: string };
  readonly discounts?: readonly (Entry & { readonly discountId: number })[];
  readonly tenders?: readonly (Entry & { readonly tenderId: number })[];
}

const KEEPS_IDS_MS = 300_000;
const NONE: PlatformReply = { status: 404, body: { title: 'There is no such check' } };
const CLOSED: PlatformReply = {
  status: 400,
  body: { title: 'The till refused it', posDetails: [{ code: 'check_closed', message: 'The check is closed.' }] },
};

const entryOf = ({ total = 0, referenceText = '', extensions = [] }: Entry) => ({
  name: 'Voucher',
  amount: Math.round(total * 100),
  text: referenceText,
  extensions,
});

/** The checks of an enterprise: told by place, and added to by rounds, each of which counts once. */
export function checksOf(organization: string, now: () => number) {
  const checks = new Map<string, TillCheck>();
  const gone = new Set<string>();
  const repeats = new Map<string, { readonly at: number; readonly reply: PlatformReply }>();

  const isHere = ({ headers }: PlatformRequest, check: TillCheck): boolean =>
    !gone.has(check.ref) && check.place === `${headers['simphony-locref']}/${headers['simphony-rvcref']}`.toLowerCase();

  function find(request: PlatformRequest): TillCheck | undefined {
    const check = checks.get(request.params['ref'] ?? '');
    return check && isHere(request, check) ? check : undefined;
  }

  function list(request: PlatformRequest): PlatformReply {
    const since = Date.parse(request.query.get('sinceTime') ?? '');
    const withClosed = request.query.get('includeClosed') === 'true';
    const wanted = [...checks.values()].filter(
      (check) => isHere(request, check) && check.openedAt >= since && (withClosed || !isClosed(check)),
    );
    return { body: { items: wanted.map((check) => checkForm(check, organization)) } };
  }

  function read(request: PlatformRequest): PlatformReply {
    const check = find(request);
    return check ? { body: checkForm(check, organization) } : NONE;
  }

  function addRound(request: PlatformRequest): PlatformReply {
    const check = find(request);
    const { header, discounts = [], tenders = [] } = request.json() as unknown as Round;
    const earlier = repeats.get(header.idempotencyId);
    const isWatched = request.headers['simphony-features'] === 'detect-duplicate-request';
    if (earlier && isWatched && now() - earlier.at < KEEPS_IDS_MS) return earlier.reply;
    if (!check) return NONE;
    if (isClosed(check)) return CLOSED;
    for (const discount of discounts) check.discounts.push({ number: discount.discountId, ...entryOf(discount) });
    for (const tender of tenders) if (tender.total) check.tenders.push({ number: tender.tenderId, ...entryOf(tender) });
    const reply = { body: checkForm(check, organization) };
    repeats.set(header.idempotencyId, { at: now(), reply });
    return reply;
  }

  const routes: readonly Route[] = [
    { at: 'GET /api/v1/checks', handle: list },
    { at: 'GET /api/v1/checks/:ref', handle: read },
    { at: 'POST /api/v1/checks/:ref/round', handle: addRound },
  ];
  return { routes, checks, gone };
}
