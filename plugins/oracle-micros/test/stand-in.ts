import type { Plain } from '@valehub/connector-kit';
import { type Fault, type PlatformReply, type PlatformRequest, pageOf, type Route, startPlatform } from '@valehub/connector-kit/testing';
import { checksOf } from './stand-in-checks.ts';
import { configuration } from './stand-in-configuration.ts';
import { type ApiAccount, openIdProvider } from './stand-in-login.ts';
import { notifications } from './stand-in-notifications.ts';
import {
  type GivenCheck,
  type GivenDiscount,
  type GivenDish,
  type GivenTender,
  type TillCheck,
  type Truth,
  truthOf,
} from './stand-in-till.ts';

export interface StandInOptions {
  readonly organization?: string;
  /** `sev01/42`: location and revenue centre. */
  readonly places?: readonly string[];
  /** Milliseconds since 1970; the machine's clock where left out. */
  readonly now?: () => number;
  /** How long a token lives; 14 days where left out, as Oracle's. */
  readonly tokenLifeMs?: number;
  /** Of the lists of the organization and the Configuration API. */
  readonly pageSize?: number;
  readonly rate?: { readonly requests: number; readonly everyMs: number };
  /** Members of a discount that the Configuration API takes and does not keep. */
  readonly forgets?: readonly string[];
  readonly fault?: (request: PlatformRequest) => Fault | undefined;
  readonly port?: number;
}

const SERVICES: ApiAccount = { clientId: 'services-client', username: 'hub-services', password: 'password-of-services' };
const CONTENT: ApiAccount = { clientId: 'content-client', username: 'hub-content', password: 'password-of-content' };

/** Organization, locations and revenue centres, in pages. */
function organizationRoutes(organization: string, places: readonly string[], pageSize: number): readonly Route[] {
  const paged = (request: PlatformRequest, all: readonly { readonly [name: string]: Plain }[]): PlatformReply => {
    const size = Math.min(pageSize, Number(request.query.get('limit') ?? pageSize));
    return { body: { items: [...pageOf(all, request.query.get('offset'), size).items] } };
  };
  const locRefs = [...new Set(places.map((place) => place.split('/')[0] ?? ''))];
  const centers = places.map((place) => ({ locRef: place.split('/')[0], rvcRef: Number(place.split('/')[1]) }));
  return [
    { at: 'GET /api/v1/organizations', handle: (request) => paged(request, [{ orgShortName: organization, name: 'Casa Pepa' }]) },
    {
      at: 'GET /api/v1/organizations/:org/locations',
      handle: (request) =>
        paged(
          request,
          locRefs.map((locRef) => ({ locRef: locRef.toUpperCase(), name: `House ${locRef}` })),
        ),
    },
    {
      at: 'GET /api/v1/organizations/:org/locations/:locRef/revenueCenters',
      handle: (request) =>
        paged(
          request,
          centers
            .filter(({ locRef }) => locRef === request.params['locRef']?.toLowerCase())
            .map(({ rvcRef }) => ({ rvcRef, name: `Room ${rvcRef}` })),
        ),
    },
  ];
}

/** An enterprise of Simphony on this machine: its OpenID provider, its checks, its notifications and its Configuration API. */
export async function startSimphony(options: StandInOptions = {}) {
  const { organization = 'casapepa', places = ['sev01/42', 'sev01/43'], now = Date.now, pageSize = 100 } = options;
  const login = openIdProvider(organization, [SERVICES, CONTENT], options.tokenLifeMs ?? 14 * 86_400_000, now);
  const enterprise = configuration(options.forgets ?? [], pageSize);
  const { routes, checks, gone } = checksOf(organization, now);
  const post = notifications(organization, now);

  const platform = await startPlatform(
    {
      now,
      authorised: ({ path, headers }) =>
        login.isGood(path.startsWith('/config/') ? CONTENT.clientId : SERVICES.clientId, headers['authorization']),
      refusal: { status: 401, body: { title: 'Unauthorized', detail: 'The token is not valid.' } },
      ...(options.rate
        ? {
            rate: {
              ...options.rate,
              reply: (waitMs) => ({ status: 429, headers: { 'retry-after': String(Math.ceil(waitMs / 1000)) }, body: {} }),
            },
          }
        : {}),
      ...(options.fault ? { fault: options.fault } : {}),
      routes: [...login.routes, ...organizationRoutes(organization, places, pageSize), ...routes, ...post.routes, ...enterprise.routes],
    },
    options.port,
  );

  const checkOf = (ref: string): TillCheck => {
    const check = checks.get(ref);
    if (!check) throw new Error(`There is no check ${ref}.`);
    return check;
  };

  /** Opens a check, and closes it where its tenders cover it; gives its reference. */
  function addOrder(given: GivenCheck): string {
    const number = 1001 + checks.size;
    const ref = `check-${number}`;
    const { dishes, discounts = [], tenders = [], place = places[0] ?? '' } = given;
    checks.set(ref, { ref, number, place, openedAt: now(), given, dishes: [...dishes], discounts: [...discounts], tenders: [...tenders] });
    return ref;
  }

  return {
    url: platform.url,
    organization,
    places,
    /** To connect with. */
    settings: {
      servicesHost: 'services.simphony.example',
      identityHost: 'identity.simphony.example',
      organization,
      ...SERVICES,
      voucherDiscount: 80,
      voucherTender: 210,
      configurationHost: 'configuration.simphony.example',
      configurationClientId: CONTENT.clientId,
      configurationUsername: CONTENT.username,
      configurationPassword: CONTENT.password,
      hierarchyUnit: 5,
      firstDiscount: 9001,
      lastDiscount: 9005,
      apiBaseUrl: platform.url,
    },
    requests: platform.requests,
    failNext: platform.failNext,
    close: platform.close,
    /** Of `hub-services` or `hub-content`, the user names of the settings. */
    expirePassword: login.expirePassword,
    /** All tokens given out so far are worth nothing. */
    revokeTokens: login.revokeAll,
    discounts: enterprise.discounts,
    subscriptions: post.subscriptions,
    registration: post.registration,
    addOrder,
    order: (ref: string, ...dishes: readonly GivenDish[]): void => void checkOf(ref).dishes.push(...dishes),
    discount: (ref: string, given: GivenDiscount): void => void checkOf(ref).discounts.push(given),
    pay: (ref: string, tender: GivenTender): void => void checkOf(ref).tenders.push(tender),
    /** Staff void a dish in a later round: a line with a minus. */
    voidDish(ref: string, at: number): void {
      const dish = checkOf(ref).dishes[at];
      if (dish) checkOf(ref).dishes.push({ ...dish, quantity: `-${dish.quantity ?? '1'}` });
    },
    move(ref: string, place: string): void {
      checkOf(ref).place = place;
    },
    /** Cancelled before it was paid: the check is no more. */
    voidOrder: (ref: string): void => void gone.add(ref),
    /** Goods of another check come back on a check of their own, as tills do it. */
    refund: (dish: GivenDish, tender: GivenTender): string =>
      addOrder({ dishes: [{ ...dish, quantity: `-${dish.quantity ?? '1'}` }], tenders: [{ ...tender, amount: -tender.amount }] }),
    /** What the hub has to have in its books. */
    truth: (): readonly Truth[] => [...checks.values()].map((check) => truthOf(check, gone.has(check.ref))),
    /** One delivery about these checks; the statuses that the hub answered. `to`: where the hub listens really. */
    notify: (refs: readonly string[], to?: (uri: string) => string): Promise<readonly number[]> => post.notify(refs.map(checkOf), to),
  };
}

export type { Fault } from '@valehub/connector-kit/testing';
export type { GivenCheck } from './stand-in-till.ts';
export type SimphonyStandIn = Awaited<ReturnType<typeof startSimphony>>;
