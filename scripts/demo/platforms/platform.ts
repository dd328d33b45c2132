import type { HubClient, LedgerEvent } from '../hub-client.ts';

/** One platform of the evening; each has a file beside this one, and `index.ts` lists them. */
export interface Platform {
  /** Of its connector. */
  readonly id: string;
  readonly title: string;
  start(): Promise<StandIn>;
}

/** The platform's stand-in on this machine, in the words of the evening. */
export interface StandIn {
  readonly url: string;
  /** What a person enters at the hub, but for what the platform's locations are. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What the hub says that it cannot have on this machine; it works without. */
  readonly misses?: string;
  /** The hub is connected: whatever a person now enters at the platform by hand. */
  connected?(connection: Connection): void;
  readonly till?: Till;
  readonly receives?: Receives;
  readonly publishes?: Publishes;
  /** What people at the platform do once the hub's word has come; gives a line for each thing that came of it. */
  answer?(scene: Scene): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface Connection {
  readonly id: string;
  readonly webhookUrl: string;
}

/** A till whose checks the hub hears of. */
export interface Till {
  readonly place: { readonly name: string; readonly currency: string; readonly timeZone: string };
  /** The platform's id of it; null where a connection is one till. */
  readonly location: string | null;
  /** Keeps a paid check and gives its id. */
  ring(check: Check): string;
  /** Tells the hub of it, as it stands, and gives the statuses that the hub answered. Left out: the platform tells nothing, the hub has to read. */
  tell?(id: string): Promise<readonly number[]>;
  /** Gives a paid check back whole, as a refund or by voiding it, and tells of it like `tell`. Left out: not at this till. */
  giveBack?(id: string): Promise<readonly number[]>;
  /** By the platform's own reckoning: how many checks, and how much the vouchers of those that stand took off. */
  truth(): { readonly orders: number; readonly redeemed: number };
}

/** So many plates at a price; the voucher takes `off` from the whole. In minor units. */
export interface Check {
  readonly plates: number;
  readonly price: number;
  readonly voucher: { readonly code: string; readonly off: number } | null;
}

/** What of the hub's campaigns can be published there. */
export interface Publishes {
  /** The campaign with single codes, or the one with a word for all, where the platform has no codes. */
  readonly takes: 'CODES' | 'WORD';
  readonly words: Words;
  /** How many have arrived. */
  arrived(): number;
}

/** What one is called, and several. */
export type Words = readonly [one: string, several: string];

/** What the hub sends there: by a forwarding, or by a workflow with a step of its own. */
export interface Receives {
  readonly verb: string;
  readonly words: Words;
  readonly by:
    | { readonly events: readonly string[]; readonly filter?: string; readonly settings?: Readonly<Record<string, unknown>> }
    | { readonly workflow: (connectionId: string) => Readonly<Record<string, unknown>> };
  /** Whether this event of the ledger has to arrive there. */
  isDue(event: LedgerEvent): boolean;
  /** How many have. */
  arrived(): number;
}

export interface Scene {
  readonly hub: HubClient;
  /** All that stands in the ledger since the evening began, as it comes. */
  readonly ledger: readonly LedgerEvent[];
  readonly connection: Connection;
}
