import type { Plain } from '@valehub/connector-kit';
import type { Answered, Message } from './http.ts';
import type { ApiFault } from './wild-api.ts';

/** An order as guests and staff think of it; each platform rings it up in its own way. All amounts in minor units. */
export interface Idea {
  readonly dishes: readonly { readonly name: string; readonly sku: string; readonly unit: number; readonly quantity: number }[];
  /** Over the whole order; `code`: as the guest gives it, whether or not the hub knows it. */
  readonly discount: { readonly code: string; readonly amount: number } | null;
  readonly tip: number;
  readonly paid: boolean;
}

/** What may happen to an order once it is there. */
export const DEEDS = ['pay', 'edit', 'refundDish', 'refundAll', 'void', 'delete'] as const;
export type Deed = (typeof DEEDS)[number];

/** What is true of an order, by the platform's own reckoning. */
export interface Truth {
  /** As the hub knows it. */
  readonly id: string;
  readonly state: 'OPEN' | 'PAID' | 'VOIDED';
  /** Of each line, before discounts. */
  readonly lines: readonly number[];
  /** All that was taken off them, whoever gave it. */
  readonly takenOff: number;
  readonly refunded: number;
  /** What was taken off for each code that stands on it. */
  readonly codes: Readonly<Record<string, number>>;
  /** The lines that came back whole, by the ids that the hub has; all: everything that was paid. */
  readonly back: 'all' | readonly string[];
}

/** Where a connection listens, and what stands between it and the platform. */
export interface Address {
  /** As the hub gave it out, which is what platforms sign. */
  readonly url: string;
  /** Where it is posted in truth. */
  readonly post: string;
}

/** A request as a platform would send it. */
export interface Letter {
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

/** A platform at which an evening is played. One file each under `platforms/`. */
export interface ChaosPlatform {
  /** Of its connector. */
  readonly id: string;
  readonly currency: 'EUR' | 'USD';
  /** Where its API listens. */
  readonly url: string;
  readonly settings: Readonly<Record<string, Plain>>;
  readonly locations: readonly string[];
  /** Feeds that read what nobody told. */
  readonly feeds: readonly string[];
  /** The deeds that are possible there; an order that was changed or deleted says so by its truth. */
  readonly deeds: readonly Deed[];
  /** Those of them that no feed shows: who does not hear of them never learns. */
  readonly untold: readonly Deed[];
  /** Members of its replies without which they make no sense. */
  readonly required: readonly string[];
  /** Faults that say something true there, which only a sweep finds out to be false. */
  readonly never?: readonly ApiFault[];
  /** What it says to a request that goes on from a cursor, when it has forgotten it; undefined for any other request. */
  readonly forgets?: (message: Message) => Answered | undefined;
  /** The connection stands. */
  connected(address: Address): void;
  /** Gives the platform's own id of it. */
  place(idea: Idea): string;
  do(deed: Deed, id: string): void;
  truth(id: string): Truth;
  /** Posts what the platform tells of a deed, signed. Undefined: it tells nothing by itself. */
  readonly tell?: (id: string, deed: Deed | 'place') => Promise<unknown>;
  /** Any body, well signed; and an event of a kind that nobody has heard of. */
  readonly sign?: (body: string | Buffer) => Letter;
  readonly unknownEvent?: (name: string) => Letter;
  close(): Promise<void>;
}

export type StartPlatform = (now: () => number) => Promise<ChaosPlatform>;
