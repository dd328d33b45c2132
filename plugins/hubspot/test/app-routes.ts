import type { Route } from '@valehub/connector-kit/testing';
import { refuse, V } from './crm-routes.ts';

/** The key of the developer account that owns the app. */
export const DEVELOPER_KEY = 'developer-key-invented-for-tests';

export interface AppSubscription {
  readonly id: number;
  readonly eventType: string;
  readonly propertyName?: string;
  active: boolean;
}

/** The developer app's side: called with its key in the query. */
export function appRoutes(app: { targetUrl?: string; readonly subscriptions: AppSubscription[] }): readonly Route[] {
  const at = `/webhooks/${V}/:app`;
  const signedIn =
    (handle: Route['handle']): Route['handle'] =>
    (request) =>
      request.query.get('hapikey') === DEVELOPER_KEY
        ? handle(request)
        : refuse({ status: 401, category: 'INVALID_AUTHENTICATION', message: 'This API key is not known' });
  const routes: Route[] = [
    {
      at: `GET ${at}/settings`,
      handle: () => (app.targetUrl === undefined ? { status: 404, body: {} } : { body: { targetUrl: app.targetUrl } }),
    },
    {
      at: `PUT ${at}/settings`,
      handle: (request) => {
        const { targetUrl } = request.json() as { targetUrl: string };
        app.targetUrl = targetUrl;
        return { body: { targetUrl } };
      },
    },
    { at: `GET ${at}/subscriptions`, handle: () => ({ body: { results: app.subscriptions.map((one) => ({ ...one })) } }) },
    {
      at: `POST ${at}/subscriptions`,
      handle: (request) => {
        const made = { ...(request.json() as Omit<AppSubscription, 'id'>), id: app.subscriptions.length + 1 };
        app.subscriptions.push(made);
        return { status: 201, body: { ...made } };
      },
    },
    {
      at: `PATCH ${at}/subscriptions/:id`,
      handle: ({ params }) => {
        const one = app.subscriptions.find(({ id }) => String(id) === params['id']);
        if (!one) return { status: 404, body: {} };
        one.active = true;
        return { body: { ...one } };
      },
    },
    {
      at: `DELETE ${at}/subscriptions/:id`,
      handle: ({ params }) => {
        const index = app.subscriptions.findIndex(({ id }) => String(id) === params['id']);
        if (index >= 0) app.subscriptions.splice(index, 1);
        return { status: index >= 0 ? 204 : 404 };
      },
    },
  ];
  return routes.map((route) => ({ ...route, open: true, handle: signedIn(route.handle) }));
}
