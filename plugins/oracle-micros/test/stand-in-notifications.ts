import type { Plain } from '@valehub/connector-kit';
import { deliver, forger, type PlatformReply, type PlatformRequest, type Route } from '@valehub/connector-kit/testing';
import type { TillCheck } from './stand-in-till.ts';

/** As Oracle declares it, and not as the connector does: what they disagree in, a delivery shows. */
const SIGNATURE = {
  by: 'hmac',
  hash: 'sha256',
  key: { secret: 'hmacKey', decode: 'base64', id: { at: { header: 'Key-Id' }, secret: 'keyId' } },
  signed: ['body'],
  signature: { header: 'Digest' },
  encoding: 'base64',
} as const;

type Json = { readonly [name: string]: Plain };
type Registration = { readonly hmacKey: string; readonly keyId: string };

const AT = '/api/v1/notifications';

/** One registration with its key, and the subscriptions under it. Each notification is sent once. */
export function notifications(organization: string, now: () => number) {
  const subscriptions = new Map<string, Json & { readonly callbackUri: string }>();
  let registration: Registration | undefined;
  let count = 0;

  function register(request: PlatformRequest): PlatformReply {
    registration = request.json() as Registration;
    return { status: 204 };
  }

  function unregister(): PlatformReply {
    registration = undefined;
    subscriptions.clear();
    return { status: 204 };
  }

  function subscribe(request: PlatformRequest): PlatformReply {
    if (!registration) return { status: 400, body: { title: 'This account is not registered.' } };
    count += 1;
    const id = `subscription-${count}`;
    subscriptions.set(id, { ...(request.json() as Json & { readonly callbackUri: string }), subscriptionId: id });
    return { status: 201, body: { subscriptionId: id } };
  }

  function messageOf(check: TillCheck): Json {
    const [locRef = '', rvcRef = ''] = check.place.split('/');
    const at = new Date(now()).toISOString();
    count += 1;
    return {
      id: `message-${count}`,
      creationDate: at,
      messageType: { id: 'CheckNotification' },
      resource: { orgShortName: organization, locRef: locRef.toUpperCase(), rvcRef, checkRef: check.ref },
      data: { status: 'Submitted', timeStampUtc: at },
    };
  }

  const routes: readonly Route[] = [
    { at: `PUT ${AT}/registration`, handle: register },
    { at: `DELETE ${AT}/registration`, handle: unregister },
    { at: `GET ${AT}/subscriptions`, handle: () => ({ body: { items: [...subscriptions.values()] } }) },
    { at: `POST ${AT}/subscriptions`, handle: subscribe },
    {
      at: `DELETE ${AT}/subscriptions/:id`,
      handle: ({ params }) => ({ status: subscriptions.delete(params['id'] ?? '') ? 204 : 404 }),
    },
  ];

  /** One delivery about these checks to every address, signed with the registered key. `to`: where the hub listens really. */
  async function notify(checks: readonly TillCheck[], to?: (uri: string) => string): Promise<readonly number[]> {
    if (!registration) return [];
    const signer = forger(SIGNATURE, registration);
    const body = JSON.stringify({ messages: checks.map(messageOf) });
    const statuses: number[] = [];
    for (const url of new Set([...subscriptions.values()].map(({ callbackUri }) => callbackUri)))
      statuses.push(await deliver(signer, { url, body, at: now(), ...(to ? { to: to(url) } : {}) }));
    return statuses;
  }

  return { routes, subscriptions, registration: () => registration, notify };
}
