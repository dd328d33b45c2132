import type { Plain } from '@valehub/connector-kit';
import { type Fault, type Platform, type PlatformReply, type PlatformRequest, startPlatform } from '@valehub/connector-kit/testing';
import { type CheckDraft, type CompDraft, checkOf, type Style, type Truth, truthOf, type UpserveCheck } from './check.ts';

export interface UpserveOptions {
  readonly port?: number;
  /** Milliseconds since 1970; the machine's clock where left out. */
  readonly now?: () => number;
  readonly rate?: { readonly requests: number; readonly everyMs: number };
  readonly fault?: (request: PlatformRequest) => Fault | undefined;
  /** The most checks on one page, whatever is asked for. */
  readonly mostOnPage?: number;
  readonly style?: Style;
}

interface Kept {
  draft: CheckDraft;
  day: string;
}

const unknown: Truth = { state: 'VOIDED', gross: 0, comps: {}, net: 0, tax: 0, total: 0 };

/** Upserve's reporting API on this machine: the checks of a trading day, as they are now. It tells nothing by itself. */
export async function startUpserve(options: UpserveOptions = {}) {
  const credentials = { username: 'stand-in-restaurant', password: 'stand-in-password', apiKey: 'stand-in-partner-key' };
  let password = credentials.password;
  const checks = new Map<string, Kept>();

  function list({ query }: PlatformRequest): PlatformReply {
    const date = query.get('date') ?? '';
    if (!/^\d{8}$/.test(date)) return { status: 400, body: { error_message: 'Enter a date as YYYYMMDD.' } };
    const limit = Math.min(Number(query.get('limit') ?? '20'), options.mostOnPage ?? 500);
    const offset = Number(query.get('offset') ?? '0');
    const found = [...checks.values()].filter(({ day }) => day.replaceAll('-', '') === date);
    const at = (from: number): string => `/ws/v2/checks.json?date=${date}&limit=${limit}&offset=${from}`;
    const meta: Plain = {
      limit,
      offset,
      total_count: found.length,
      next: offset + limit < found.length ? at(offset + limit) : null,
      previous: offset > 0 ? at(Math.max(0, offset - limit)) : null,
    };
    return { body: { meta, objects: found.slice(offset, offset + limit).map(({ draft }) => checkOf(draft, options.style)) } };
  }

  const platform: Platform = await startPlatform(
    {
      ...(options.now ? { now: options.now } : {}),
      ...(options.fault ? { fault: options.fault } : {}),
      ...(options.rate
        ? {
            rate: {
              ...options.rate,
              reply: (waitMs: number) => ({ status: 429, headers: { 'retry-after': String(Math.ceil(waitMs / 1000)) }, body: '' }),
            },
          }
        : {}),
      authorised: ({ headers }) =>
        headers['x-breadcrumb-username'] === credentials.username &&
        headers['x-breadcrumb-password'] === password &&
        headers['x-breadcrumb-api-key'] === credentials.apiKey,
      refusal: { status: 401, body: '' },
      routes: [{ at: 'GET /ws/v2/checks.json', handle: list }],
    },
    options.port ?? 0,
  );

  function change(id: string, made: (draft: CheckDraft) => CheckDraft): UpserveCheck {
    const kept = checks.get(id);
    if (!kept) throw new Error(`There is no check ${id}.`);
    kept.draft = made(kept.draft);
    return checkOf(kept.draft, options.style);
  }

  return {
    url: platform.url,
    requests: platform.requests,
    failNext: platform.failNext,
    close: platform.close,
    /** What to enter at the hub. */
    settings: { ...credentials, apiBaseUrl: platform.url },
    /** The password that the hub knows is worth nothing from now on. */
    changePassword: (): void => {
      password = 'stand-in-password-2';
    },
    /** Opened, or already closed, on a trading day of the restaurant (`YYYY-MM-DD`). */
    addCheck(draft: CheckDraft, day: string): UpserveCheck {
      checks.set(draft.id, { draft, day });
      return checkOf(draft, options.style);
    },
    change,
    /** Paid as a whole, in cash where nothing else is said. */
    closeCheck: (id: string, payments?: CheckDraft['payments'], closedAt?: string): UpserveCheck =>
      change(id, (draft) => ({
        ...draft,
        status: 'Closed',
        ...(closedAt === undefined ? {} : { closedAt }),
        payments: payments ?? [{ id: `${id}-cash`, cents: truthOf({ ...draft, payments: [] }).total, type: 'Cash' }],
      })),
    voidItem: (id: string, item: string, reason: string): UpserveCheck =>
      change(id, (draft) => ({ ...draft, items: draft.items.map((one) => (one.id === item ? { ...one, void: reason } : one)) })),
    compItem: (id: string, item: string, comp: CompDraft): UpserveCheck =>
      change(id, (draft) => ({ ...draft, items: draft.items.map((one) => (one.id === item ? { ...one, comp } : one)) })),
    voidCheck: (id: string, reason: string): UpserveCheck => change(id, (draft) => ({ ...draft, void: reason })),
    /** It is listed on another trading day from now on. */
    moveCheck(id: string, day: string): void {
      const kept = checks.get(id);
      if (kept) kept.day = day;
    },
    /** It is listed no more. */
    removeCheck: (id: string): boolean => checks.delete(id),
    truth: (id: string): Truth => {
      const kept = checks.get(id);
      return kept ? truthOf(kept.draft) : unknown;
    },
  };
}

export type UpserveStandIn = Awaited<ReturnType<typeof startUpserve>>;
