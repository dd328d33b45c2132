import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { HubOrder, Money, Plain } from '@valehub/connector-kit';
import { deliver, type Forger, forgerFor, type Platform, type PlatformRequest, startPlatform } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';

export interface ReceiverOptions {
  readonly port?: number;
  /** The hub's webhook address of the connection; without it nothing is delivered. */
  readonly hub?: string;
  /** Requests a second that it takes; beyond it 429 with the wait. */
  readonly perSecond?: number;
  readonly location?: string;
  readonly now?: () => number;
}

/** An event of the hub as it arrived and was proven. */
export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, Plain>>;
}

export interface Receiver {
  readonly platform: Platform;
  readonly url: string;
  /** Whole settings of a connection to it. */
  readonly settings: Readonly<Record<string, Plain>>;
  /** What arrived, each once however often it was sent. */
  readonly received: readonly ReceivedEvent[];
  /** How many requests were turned away for their signature, and how many were repeats. */
  readonly refused: () => number;
  readonly repeats: () => number;
  /** The orders as they stand here: what the hub should have. */
  readonly orders: ReadonlyMap<string, HubOrder>;
  /** Takes this secret too from now on; with `only`, no other. */
  learn(secret: string, only?: boolean): void;
  /** The address is given up: 410 from now on. */
  retire(): void;
  /** Sends an event to the hub; gives its status. The same `id` again is the same event. */
  send(
    type: string,
    data: object,
    options?: { readonly id?: string; readonly timestamp?: string; readonly with?: Forger },
  ): Promise<number>;
  addOrder(order: Partial<HubOrder> & Pick<HubOrder, 'externalId' | 'lines'>): Promise<number>;
  refund(externalId: string, refund: HubOrder['refunds'][number]): Promise<number>;
  voidOrder(externalId: string): Promise<number>;
  deleteOrder(externalId: string): Promise<number>;
  /** Reports what became of a message that the hub asked for. */
  report(message: string, state: string, reason?: string): Promise<number>;
  close(): Promise<void>;
}

export const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

/** As any receiver does it that knows the convention and nothing of the hub. */
function isProven({ headers, text }: PlatformRequest, secrets: readonly string[], nowMs: number): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signatures } = headers;
  if (id === undefined || time === undefined || signatures === undefined) return false;
  if (Math.abs(nowMs / 1000 - Number(time)) > 300) return false;
  return secrets.some((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    const expected = createHmac('sha256', key).update(`${id}.${time}.${text}`).digest();
    return signatures.split(' ').some((item) => {
      const [mark, value = ''] = item.split(',');
      const given = Buffer.from(value, 'base64');
      return mark === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
    });
  });
}

const sum = (amounts: readonly Money[]): number => amounts.reduce((total, { minor }) => total + minor, 0);

/** A whole order of its lines, paid in cash, where nothing else is said. */
function completed(
  order: Partial<HubOrder> & Pick<HubOrder, 'externalId' | 'lines'>,
  location: string | undefined,
  nowMs: number,
): HubOrder {
  const currency = order.currency ?? order.lines[0]?.gross.currency ?? 'EUR';
  const total = sum(order.lines.map(({ gross }) => gross)) - sum(order.lines.map(({ discount }) => discount));
  const amount = { minor: total, currency };
  return {
    state: 'PAID',
    placedAt: new Date(nowMs).toISOString(),
    currency,
    pricesIncludeTax: true,
    discounts: [],
    payments: [{ externalId: `${order.externalId}-cash`, method: 'CASH', amount, texts: [] }],
    refunds: [],
    charges: [],
    total: amount,
    texts: [],
    ...(location === undefined ? {} : { location }),
    ...order,
  };
}

/** A system in the house: it takes signed events, has orders of its own, and tells the hub of them. */
export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const now = options.now ?? Date.now;
  const signingSecret = newSecret();
  const forger = forgerFor(connector, { incomingSecret: newSecret() });
  const received = new Map<string, ReceivedEvent>();
  const orders = new Map<string, HubOrder>();
  let secrets = [signingSecret];
  let retired = false;
  let refused = 0;
  let repeats = 0;
  let count = 0;
  let clock = 0;

  const platform = await startPlatform(
    {
      now,
      ...(options.perSecond === undefined
        ? {}
        : {
            rate: {
              requests: options.perSecond,
              everyMs: 1000,
              reply: (waitMs) => ({
                status: 429,
                headers: { 'retry-after': String(Math.ceil(waitMs / 1000)) },
                body: { error: 'slow down' },
              }),
            },
          }),
      routes: [
        {
          at: 'POST /hooks/:token',
          handle(request) {
            if (retired) return { status: 410 };
            if (!isProven(request, secrets, now())) {
              refused += 1;
              return { status: 401, body: { error: 'the signature is wrong' } };
            }
            const id = request.headers['webhook-id'] ?? '';
            if (received.has(id)) repeats += 1;
            else received.set(id, { id, ...(request.json() as unknown as Omit<ReceivedEvent, 'id'>) });
            return { status: 204 };
          },
        },
      ],
    },
    options.port,
  );

  /** Rises with every change, however fast they follow one another. */
  function moment(): string {
    clock = Math.max(clock + 1, now());
    return new Date(clock).toISOString();
  }

  const send: Receiver['send'] = (type, data, { id, timestamp, with: by = forger } = {}) => {
    if (options.hub === undefined) throw new Error('The stand-in was not told where the hub listens.');
    count += 1;
    const body = JSON.stringify({ type, timestamp: timestamp ?? moment(), data });
    const headers = [
      ['content-type', 'application/json'],
      ['webhook-id', id ?? `msg_${count}`],
    ] as const;
    return deliver(by, { url: options.hub, body, headers, at: now() });
  };

  function change(externalId: string, how: (order: HubOrder) => Partial<HubOrder>): HubOrder {
    const order = orders.get(externalId);
    if (!order) throw new Error(`There is no order ${externalId}.`);
    const changed = { ...order, ...how(order) };
    orders.set(externalId, changed);
    return changed;
  }

  return {
    platform,
    url: platform.url,
    settings: {
      name: 'stand-in',
      url: 'https://receiver.example/hooks/invented-token',
      apiBaseUrl: platform.url,
      signingSecret,
      incomingSecret: forger.secrets['incomingSecret'] ?? '',
    },
    get received() {
      return [...received.values()];
    },
    refused: () => refused,
    repeats: () => repeats,
    orders,
    learn(secret, only = false) {
      secrets = only ? [secret] : [secret, ...secrets];
    },
    retire() {
      retired = true;
    },
    send,
    addOrder(draft) {
      const order = completed(draft, options.location, now());
      orders.set(order.externalId, order);
      return send(order.state === 'PAID' ? 'order.paid' : 'order.updated', order);
    },
    refund: (externalId, refund) =>
      send(
        'order.refunded',
        change(externalId, ({ refunds }) => ({ refunds: [...refunds, refund] })),
      ),
    voidOrder: (externalId) =>
      send(
        'order.voided',
        change(externalId, () => ({ state: 'VOIDED' })),
      ),
    deleteOrder(externalId) {
      orders.delete(externalId);
      return send('order.deleted', { externalId });
    },
    report: (id, state, reason) => send('message.status', { message: id, state, ...(reason === undefined ? {} : { reason }) }),
    close: () => platform.close(),
  };
}
