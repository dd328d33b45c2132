import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type Forger, forgerFor } from '@valehub/connector-kit/testing';
import square from '@valehub/connector-square';

const MERCHANT = 'DEMO-MERCHANT';
const eur = (amount: number) => ({ amount, currency: 'EUR' });

/** A check as a Square till keeps it: plates of one kind, and at most one discount over the whole check. */
export interface SquareCheck {
  readonly id: string;
  readonly location: string;
  readonly plates: number;
  readonly price: number;
  readonly discount: { readonly name: string; readonly amount: number } | null;
  state: 'OPEN' | 'COMPLETED' | 'CANCELED';
  version: number;
  /** Plates that came back. */
  returned: number;
}

/** A local stand-in for Square: keeps checks, answers the calls of the connector, and sends signed events, some twice and out of order. */
export class SquarePlatform {
  readonly #server: Server;
  readonly #checks = new Map<string, SquareCheck>();
  readonly #forger: Forger = forgerFor(square);
  readonly url: string;
  webhookUrl = '';
  sent = 0;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  static async start(): Promise<SquarePlatform> {
    let platform: SquarePlatform | undefined;
    const server = createServer((request, response) => {
      const body = platform?.answer(new URL(request.url ?? '/', 'http://square').pathname) ?? null;
      response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body ?? { errors: [{ category: 'INVALID_REQUEST_ERROR', code: 'NOT_FOUND' }] }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The stand-in for Square found no port.');
    platform = new SquarePlatform(server, `http://127.0.0.1:${address.port}`);
    return platform;
  }

  get signatureKey(): string {
    return this.#forger.secrets.webhookSignatureKey ?? '';
  }

  get checks(): readonly SquareCheck[] {
    return [...this.#checks.values()];
  }

  /** Keeps the check as it is now and tells the hub: what was created, what was paid, in the order and as often as Square pleases. */
  async tell(check: SquareCheck, topics: readonly string[]): Promise<void> {
    this.#checks.set(check.id, check);
    for (const topic of topics) await this.#post(topic, check);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  answer(path: string): unknown {
    if (path === '/v2/merchants/me') return { merchant: { id: MERCHANT, business_name: 'Tres Tabernas', country: 'ES', currency: 'EUR' } };
    // What the sweeps ask for: the demo loses no event, so they find nothing.
    if (path.endsWith('/search')) return {};
    const [, , kind, id = ''] = path.split('/');
    const check = this.#checks.get(id.replace(/^(PAY|REF)-/, ''));
    if (!check) return null;
    if (kind === 'orders') return { order: orderOf(check) };
    if (kind === 'payments') return { payment: paymentOf(check) };
    return kind === 'refunds' ? { refund: refundOf(check) } : null;
  }

  async #post(topic: string, check: SquareCheck): Promise<void> {
    const [type = ''] = topic.split('.');
    const about =
      type === 'order'
        ? { [topic.replace('.', '_')]: { order_id: check.id, version: check.version, location_id: check.location, state: check.state } }
        : { [type]: { order_id: check.id, location_id: check.location, payment_id: `PAY-${check.id}` } };
    const body = JSON.stringify({
      merchant_id: MERCHANT,
      location_id: check.location,
      type: topic,
      event_id: randomUUID(),
      created_at: new Date().toISOString(),
      data: { type, id: check.id, object: about },
    });
    const signed = this.#forger.sign({ url: this.webhookUrl, body, at: Date.now() });
    // Square repeats what it is not sure of: every third event comes twice, the same bytes.
    const times = this.sent % 3 === 2 ? 2 : 1;
    for (let n = 0; n < times; n += 1) {
      const answer = await fetch(this.webhookUrl, {
        method: 'POST',
        headers: signed.headers.map(([name, value]): [string, string] => [name, value]),
        body: Buffer.from(signed.body),
      });
      if (answer.status !== 200) throw new Error(`The hub answered ${answer.status} to an event of Square.`);
    }
    this.sent += 1;
  }
}

const gross = (check: SquareCheck): number => check.plates * check.price;
const due = (check: SquareCheck): number => gross(check) - (check.discount?.amount ?? 0);
/** What the plates that came back cost the guest. */
const refunded = (check: SquareCheck): number => Math.round((due(check) * check.returned) / check.plates);

function orderOf(check: SquareCheck) {
  const now = new Date().toISOString();
  const { discount } = check;
  const taken = discount?.amount ?? 0;
  return {
    id: check.id,
    location_id: check.location,
    state: check.state,
    version: check.version,
    created_at: now,
    updated_at: now,
    ...(check.state === 'OPEN' ? {} : { closed_at: now }),
    line_items: [
      {
        uid: 'plate',
        name: 'Plato del día',
        catalog_object_id: 'PLATO',
        quantity: String(check.plates),
        base_price_money: eur(check.price),
        variation_total_price_money: eur(gross(check)),
        gross_sales_money: eur(gross(check)),
        total_discount_money: eur(taken),
        total_money: eur(due(check)),
        applied_discounts: discount ? [{ uid: 'applied', discount_uid: 'voucher', applied_money: eur(taken) }] : [],
      },
    ],
    discounts: discount ? [{ uid: 'voucher', name: discount.name, type: 'FIXED_AMOUNT', scope: 'ORDER', applied_money: eur(taken) }] : [],
    tenders:
      check.state === 'COMPLETED'
        ? [{ id: `PAY-${check.id}`, payment_id: `PAY-${check.id}`, type: 'CARD', amount_money: eur(due(check)) }]
        : [],
    ...(check.returned > 0
      ? {
          refunds: [refundOf(check)],
          returns: [
            { source_order_id: check.id, return_line_items: [{ source_line_item_uid: 'plate', quantity: String(check.returned) }] },
          ],
        }
      : {}),
    total_money: eur(due(check)),
  };
}

function paymentOf(check: SquareCheck) {
  const now = new Date().toISOString();
  return {
    id: `PAY-${check.id}`,
    order_id: check.id,
    location_id: check.location,
    status: 'COMPLETED',
    source_type: 'CARD',
    amount_money: eur(due(check)),
    total_money: eur(due(check)),
    created_at: now,
    updated_at: now,
    refund_ids: check.returned > 0 ? [`REF-${check.id}`] : [],
  };
}

function refundOf(check: SquareCheck) {
  const now = new Date().toISOString();
  return {
    id: `REF-${check.id}`,
    status: 'COMPLETED',
    order_id: check.id,
    payment_id: `PAY-${check.id}`,
    amount_money: eur(refunded(check)),
    reason: 'Plato devuelto',
    created_at: now,
    updated_at: now,
  };
}
