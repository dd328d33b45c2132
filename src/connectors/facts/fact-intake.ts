import type { HubCustomer, HubOrder, Plain, Revision } from '@valehub/connector-kit';
import type { OrderDraft } from '../../domain/redemption/redemption.types.ts';

/** An order as a connection's platform has it, for the store that its location is. */
export interface OrderFact {
  readonly connectionId: string;
  readonly storeId: string;
  readonly order: HubOrder;
  /** Whom the hub knows the platform's customer as, where it has been told of them. */
  readonly customerId?: string | null;
  /** When reading it began, epoch ms: where the platform gives no revision, the read that began later wins. */
  readonly fetchedAt: number;
}

export interface OpenBasket {
  readonly draft: OrderDraft;
  /** The codes that the check carries already. */
  readonly codes: readonly string[];
}

/** The hub's own domain, as facts from platforms reach it. Whatever is handed in twice counts once. */
export interface FactIntake {
  /** Records the order, and books what its codes say. `refused`: codes that the rules do not let through. HubError where the hub cannot take it. */
  order(fact: OrderFact): Promise<{ readonly refused: readonly { readonly reason: string }[] }>;
  /** An open check as the rules are asked about it: without what its vouchers gave. Nothing is stored. */
  basketOf(fact: OrderFact): Promise<OpenBasket>;
  /** The platform has it no more: what it redeemed is reversed. */
  orderGone(fact: {
    readonly connectionId: string;
    readonly externalId: string;
    readonly revision?: Revision | undefined;
    readonly fetchedAt: number;
  }): Promise<unknown>;
  /** A customer of the platform: found by phone or e-mail, made where there is none. Null where neither says who it is. */
  customer(customer: HubCustomer): Promise<{ readonly id: string } | null>;
  /** Whom an e-mail address or a phone number belongs to; null where the hub knows nobody by it. */
  customerOf(identity: string): Promise<string | null>;
  /** A custom event for workflows; `data` holds nothing personal. */
  event(event: CustomEvent): Promise<unknown>;
}

export interface CustomEvent {
  /** The same key again is the same event. */
  readonly key: string;
  readonly name: string;
  readonly data: { readonly [name: string]: Plain };
  readonly storeId: string | null;
  readonly customerId: string | null;
}
