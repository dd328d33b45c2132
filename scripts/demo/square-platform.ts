import { randomUUID } from 'node:crypto';
import { type SquareStandIn, startSquare } from '../../plugins/square/test/stand-in.ts';
import { until } from './wait.ts';

/** A check as staff think of it: plates of one kind, and at most one discount over the whole check. */
export interface SquareCheck {
  readonly id: string;
  readonly location: string;
  readonly plates: number;
  readonly price: number;
  readonly discount: { readonly name: string; readonly amount: number } | null;
  state: 'COMPLETED' | 'CANCELED';
  /** Plates that came back. */
  returned: number;
}

type How = 'created' | 'updated';
export type SquareEvent = `order.${How}` | `payment.${How}` | `refund.${How}`;

/** Square's stand-in with tills in two restaurants, which tell of their checks more than once and in any order. */
export class SquarePlatform {
  readonly #seller: SquareStandIn;
  readonly #checks = new Map<string, SquareCheck>();
  /** Square's own ids, by those of the checks. */
  readonly #orders = new Map<string, string>();
  readonly #refunds = new Map<string, string>();
  #sent = 0;

  private constructor(seller: SquareStandIn) {
    this.#seller = seller;
  }

  static async start(): Promise<SquarePlatform> {
    return new SquarePlatform(await startSquare());
  }

  get url(): string {
    return this.#seller.url;
  }

  get settings(): SquareStandIn['ownSettings'] {
    return this.#seller.ownSettings;
  }

  get locations(): { readonly Sevilla: string; readonly Granada: string } {
    const [Sevilla = '', Granada = ''] = this.#seller.locations;
    return { Sevilla, Granada };
  }

  get checks(): readonly SquareCheck[] {
    return [...this.#checks.values()];
  }

  /** Until the hub has asked to be told. */
  async subscribed(): Promise<void> {
    await until('the hub’s subscription at Square', () => [...this.#seller.subscriptions.keys()][0]);
  }

  /** Keeps the check as it is now and tells the hub: what was created, what was paid, in the order and as often as Square pleases. */
  async tell(check: SquareCheck, events: readonly SquareEvent[]): Promise<void> {
    this.#checks.set(check.id, check);
    const id = this.#orders.get(check.id) ?? this.#ring(check);
    if (check.returned > 0 && !this.#refunds.has(check.id))
      this.#refunds.set(check.id, this.#seller.refund(id, [{ line: 0, quantity: String(check.returned) }], refundOf(check)));
    if (check.state === 'CANCELED') this.#seller.voidOrder(id);
    for (const event of events) await this.#post(event, id, this.#refunds.get(check.id) ?? '');
  }

  close(): Promise<void> {
    return this.#seller.close();
  }

  #ring(check: SquareCheck): string {
    const { location, plates, price, discount } = check;
    const id = this.#seller.addOrder({
      location,
      lines: [{ name: 'Plato del día', price, quantity: String(plates), catalogId: 'PLATO' }],
      discounts: discount ? [discount] : [],
      payments: [{ amount: dueOf(check) }],
    });
    this.#orders.set(check.id, id);
    return id;
  }

  async #post(event: SquareEvent, orderId: string, refundId: string): Promise<void> {
    const how = { id: randomUUID() };
    const deliver = (): Promise<readonly number[]> => {
      if (event === 'refund.created' || event === 'refund.updated') return this.#seller.deliverRefund(refundId, { ...how, type: event });
      if (event === 'payment.created' || event === 'payment.updated') return this.#seller.deliverPayment(orderId, event, how);
      return this.#seller.deliverOrder(orderId, event, how);
    };
    // Square repeats what it is not sure of: every third event comes twice, under the same id.
    for (const _ of this.#sent % 3 === 2 ? [1, 2] : [1]) {
      const statuses = await deliver();
      if (statuses.length === 0 || statuses.some((status) => status !== 200))
        throw new Error(`The hub answered ${statuses.join(', ') || 'nothing'} to an event of Square.`);
    }
    this.#sent += 1;
  }
}

const dueOf = ({ plates, price, discount }: SquareCheck): number => plates * price - (discount?.amount ?? 0);
/** What the plates that came back cost the guest. */
const refundOf = (check: SquareCheck): number => Math.round((dueOf(check) * check.returned) / check.plates);
