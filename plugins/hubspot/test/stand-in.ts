import type { Plain } from '@valehub/connector-kit';
import {
  deliver,
  type Fault,
  forgerFor,
  type Platform,
  type PlatformReply,
  type PlatformRequest,
  type Route,
  startPlatform,
  tokenDesk,
} from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { type AppSubscription, appRoutes, DEVELOPER_KEY } from './app-routes.ts';
import { crm, type Values } from './crm.ts';
import { batchRoutes, propertyRoutes, refuse, search, V } from './crm-routes.ts';

export interface HubSpotOptions {
  readonly port?: number;
  /** What the platform's clock shows; the machine's where left out. */
  readonly now?: () => number;
  readonly portalId?: number;
  readonly appId?: number;
  readonly currency?: string;
  readonly currencies?: readonly string[];
  /** Rights of the token; all where left out. */
  readonly scopes?: readonly string[];
  readonly tokenLifeMs?: number;
  /** Requests in ten seconds. */
  readonly rate?: number;
  readonly fault?: (request: PlatformRequest) => Fault | undefined;
}

/** Credentials that the stand-in takes. */
export const CREDENTIALS = {
  accessToken: 'pat-eu1-invented-for-tests',
  clientId: 'client-id-invented',
  clientSecret: 'client-secret-invented-for-tests',
  developerApiKey: DEVELOPER_KEY,
  code: 'code-invented-for-tests',
} as const;

type Body = { readonly [name: string]: Plain };

export interface HubSpotStandIn extends Platform {
  /** Settings of a connection by a static token that fit it; with the App's secret, so that its webhooks are taken. */
  readonly settings: Readonly<Record<string, string>>;
  /** What is there: the truth to compare with. */
  deals(): readonly Values[];
  contacts(): readonly (Values & { readonly id: string })[];
  /** `<deal> <contact>` of every association. */
  readonly associations: ReadonlySet<string>;
  /** Events on timelines by their ids. */
  readonly timeline: ReadonlyMap<string, Body>;
  /** Consents by `<address> <subscription>`. */
  readonly consents: ReadonlyMap<string, string>;
  readonly app: { readonly targetUrl?: string; readonly subscriptions: readonly AppSubscription[] };
  /** A person at HubSpot makes, changes, deletes and merges contacts; each is told to the hub with the next delivery. */
  addContact(values: Values): string;
  changeContact(id: string, values: Values): void;
  deleteContact(id: string): void;
  /** Deletes by the law on privacy. */
  forgetContact(id: string): void;
  mergeContacts(primary: string, other: string): string;
  /** Sends what has happened in one body, signed, and gives the status; undefined where nothing has. */
  deliver(to: { readonly url: string; readonly to?: string; readonly keep?: boolean }): Promise<number | undefined>;
  /** The app is taken off the account: tokens are worth nothing. */
  revoke(): void;
}

/** A HubSpot account on this machine. */
export async function startHubSpot(options: HubSpotOptions = {}): Promise<HubSpotStandIn> {
  const now = options.now ?? Date.now;
  const portalId = options.portalId ?? 4711;
  const appId = options.appId ?? 815;
  const store = crm(now);
  const desk = tokenDesk({ lifeMs: options.tokenLifeMs ?? 1_800_000, now, name: 'hubspot' });
  const associations = new Set<string>();
  const timeline = new Map<string, Body>();
  const consents = new Map<string, string>();
  const app: { targetUrl?: string; readonly subscriptions: AppSubscription[] } = { subscriptions: [] };
  const pending: Body[] = [];
  let staticToken: string | undefined = CREDENTIALS.accessToken;
  let events = 0;

  const happened = (subscriptionType: string, more: Body): void => {
    events += 1;
    const common = {
      eventId: events,
      subscriptionId: 100 + events,
      portalId,
      appId,
      occurredAt: now(),
      attemptNumber: 0,
      changeSource: 'CRM_UI',
    };
    pending.push({ ...common, subscriptionType, ...more });
  };
  const scopes = options.scopes ?? ['oauth', 'crm.objects.contacts.read', 'crm.objects.deals.read', 'crm.objects.deals.write'];
  const tokens = ({ access, refresh, seconds } = desk.give()): PlatformReply => ({
    body: { access_token: access, refresh_token: refresh, expires_in: seconds, token_type: 'bearer', hub_id: portalId, scopes },
  });
  const lacks = (scope: string): PlatformReply | undefined =>
    options.scopes === undefined || options.scopes.includes(scope)
      ? undefined
      : {
          status: 403,
          body: {
            status: 'error',
            category: 'MISSING_SCOPES',
            message: "This app hasn't been granted all required scopes to make this call.",
            errors: [{ message: 'One or more of the following scopes are required.', context: { requiredGranularScopes: [scope] } }],
          },
        };
  const guarded = (scope: string, routes: readonly Route[]): readonly Route[] =>
    routes.map((route) => ({ ...route, handle: (request) => lacks(scope) ?? route.handle(request) }));

  const routes: readonly Route[] = [
    {
      at: `POST /oauth/${V}/token`,
      open: true,
      handle: (request) => {
        const form = request.form();
        if (form.get('client_id') !== CREDENTIALS.clientId || form.get('client_secret') !== CREDENTIALS.clientSecret)
          return { status: 400, body: { error: 'invalid_client' } };
        if (form.get('grant_type') === 'authorization_code')
          return form.get('code') === CREDENTIALS.code
            ? tokens()
            : { status: 400, body: { status: 'BAD_AUTH_CODE', message: 'unknown code' } };
        const renewed = desk.renew(form.get('refresh_token') ?? '');
        return renewed ? tokens(renewed) : { status: 400, body: { status: 'BAD_REFRESH_TOKEN', message: 'not good' } };
      },
    },
    { at: `POST /oauth/${V}/token/revoke`, open: true, handle: () => ({ status: 200, body: {} }) },
    {
      at: `GET /account-info/${V}/details`,
      handle: () => ({
        headers: { 'x-hubspot-ratelimit-max': '190', 'x-hubspot-ratelimit-daily': '650000' },
        body: {
          portalId,
          accountType: 'STANDARD',
          timeZone: 'Europe/Madrid',
          companyCurrency: options.currency ?? 'EUR',
          additionalCurrencies: [...(options.currencies ?? [])],
        },
      }),
    },
    ...propertyRoutes(store),
    ...guarded('crm.objects.contacts.read', [
      { at: `POST /crm/objects/${V}/contacts/search`, handle: (request) => search(store, request) },
    ]),
    ...guarded('crm.objects.contacts.write', batchRoutes(store, 'contacts', `/crm/objects/${V}/contacts`)),
    ...guarded('crm.objects.deals.write', batchRoutes(store, 'deals', `/crm/objects/${V}/0-3`)),
    {
      at: `GET /crm/pipelines/${V}/deals`,
      handle: () => ({
        body: {
          results: [
            {
              id: 'default',
              label: 'Sales',
              archived: false,
              stages: [
                { id: 'closedwon', label: 'Closed won' },
                { id: 'closedlost', label: 'Closed lost' },
              ],
            },
          ],
        },
      }),
    },
    {
      at: `POST /crm/associations/${V}/deals/contacts/batch/associate/default`,
      handle: (request) => {
        const { inputs } = request.json() as { inputs: { from: { id: string }; to: { id: string } }[] };
        for (const { from, to } of inputs) associations.add(`${from.id} ${to.id}`);
        return { body: { status: 'COMPLETE', results: inputs.map(({ from, to }) => ({ from: { id: from.id }, to: { id: to.id } })) } };
      },
    },
    {
      at: `POST /integrators/timeline/${V}/events`,
      handle: (request) => {
        const event = request.json() as Body & { readonly id: string };
        if (timeline.has(event.id)) return refuse({ status: 409, category: 'CONFLICT', message: 'An occurrence with this id exists' });
        timeline.set(event.id, event);
        return { status: 201, body: event };
      },
    },
    {
      at: `POST /communication-preferences/${V}/statuses/:email`,
      handle: ({ params, ...request }) => {
        const { subscriptionId, statusState } = request.json() as { subscriptionId: number; statusState: string };
        consents.set(`${params['email']} ${subscriptionId}`, statusState);
        return { body: { status: 'COMPLETE', results: [] } };
      },
    },
    ...appRoutes(app),
  ];

  const platform = await startPlatform(
    {
      routes,
      now,
      authorised: ({ headers }) => {
        const token = (headers['authorization'] ?? '').replace(/^Bearer /, '');
        return token === staticToken || desk.isGood(token);
      },
      refusal: refuse({ status: 401, category: 'EXPIRED_AUTHENTICATION', message: 'The token is expired' }),
      ...(options.fault ? { fault: options.fault } : {}),
      ...(options.rate === undefined
        ? {}
        : {
            rate: {
              requests: options.rate,
              everyMs: 10_000,
              reply: () => ({
                status: 429,
                body: { status: 'error', message: 'Too many requests', errorType: 'RATE_LIMIT', policyName: 'TEN_SECONDLY_ROLLING' },
              }),
            },
          }),
    },
    options.port,
  );
  const forger = forgerFor(connector, { clientSecret: CREDENTIALS.clientSecret }, 'clientSecret');

  return {
    ...platform,
    settings: { accessToken: CREDENTIALS.accessToken, clientSecret: CREDENTIALS.clientSecret, apiBaseUrl: platform.url },
    associations,
    timeline,
    consents,
    app,
    deals: () => store.records.filter(({ kind, archived }) => kind === 'deals' && !archived).map(({ properties }) => properties),
    contacts: () =>
      store.records.filter(({ kind, archived }) => kind === 'contacts' && !archived).map(({ id, properties }) => ({ ...properties, id })),
    addContact(values) {
      const { id } = store.make('contacts', values);
      happened('contact.creation', { objectId: Number(id), changeFlag: 'NEW' });
      return id;
    },
    changeContact(id, values) {
      store.upsert('contacts', { id, properties: values });
      for (const [propertyName, propertyValue] of Object.entries(values))
        happened('contact.propertyChange', { objectId: Number(id), propertyName, propertyValue });
    },
    deleteContact(id) {
      store.archive('contacts', id);
      happened('contact.deletion', { objectId: Number(id), changeFlag: 'DELETED' });
    },
    forgetContact(id) {
      store.archive('contacts', id);
      happened('contact.deletion', { objectId: Number(id), changeFlag: 'DELETED' });
      happened('contact.privacyDeletion', { objectId: Number(id), changeFlag: 'DELETED' });
    },
    mergeContacts(primary, other) {
      const values = { ...store.get('contacts', other)?.properties, ...store.get('contacts', primary)?.properties };
      store.archive('contacts', primary);
      store.archive('contacts', other);
      const { id } = store.make('contacts', values);
      const merged = { primaryObjectId: Number(primary), mergedObjectIds: [Number(other)], newObjectId: Number(id) };
      happened('contact.merge', { ...merged, numberOfPropertiesMoved: 1 });
      return id;
    },
    async deliver({ url, to, keep }) {
      if (pending.length === 0) return undefined;
      const body = JSON.stringify(keep ? pending : pending.splice(0));
      return deliver(forger, { url, body, at: now(), ...(to === undefined ? {} : { to }) });
    },
    revoke() {
      staticToken = undefined;
      desk.revokeAll();
    },
  };
}
