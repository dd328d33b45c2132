import type { Fact, Resource } from '../notices.ts';
import type { Instant, Plain } from '../plain.ts';
import type { StandInReply } from './stand-in.ts';

/** A request of the platform to the hub. */
export interface DeliverySample {
  /** One of the declared topics; every declared topic needs a sample. */
  readonly topic: string;
  /** A text is taken byte for byte, anything else becomes JSON. */
  readonly body: Plain;
  /** `application/json` where left out. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** How many notices it holds. */
  readonly notices: number;
  /** What the platform answers while the notices are read. */
  readonly replies?: readonly StandInReply[];
  /** The kinds of the facts that come of it, in order. */
  readonly facts: readonly Fact['kind'][];
  /** More to check; throws. */
  readonly check?: (facts: readonly Fact[]) => void;
}

/** A request by which the platform tries the address; every declared handshake needs one. */
export interface HandshakeSample {
  readonly body: Plain;
  readonly method?: 'GET' | 'POST';
  readonly query?: string;
  readonly contentType?: string;
  readonly answer: string;
}

/** Every verb of a role and every action needs one. */
export interface VerbSample {
  /** `messages.send`, `vouchers.addCodes`, `actions.say`: names of the table of verbs. */
  readonly verb: string;
  /** The platform's location that the jobs concern. */
  readonly location?: string;
  readonly inputs: readonly Plain[];
  /** What the platform answers when all goes well. */
  readonly replies: readonly StandInReply[];
  /** What each input gives, in order. */
  readonly done: readonly Plain[];
}

/** Every declared fetch needs one. */
export interface FetchSample {
  readonly resource: Resource;
  readonly ids: readonly string[];
  readonly replies: readonly StandInReply[];
  readonly facts: readonly Fact['kind'][];
  readonly check?: (facts: readonly Fact[]) => void;
}

/** How a credential is come by. Needed where `auth` is by token. */
export interface AuthSample {
  /** What came back to the hub from the browser, for connectors with `authorize`. */
  readonly callback?: {
    readonly query: Readonly<Record<string, string>>;
    readonly replies: readonly StandInReply[];
    readonly facts?: Readonly<Record<string, string>>;
  };
  /** What the platform answers to a log-in or renewal, and the token in it. */
  readonly obtain: { readonly replies: readonly StandInReply[]; readonly token: string };
  /** What it answers where the grant is dead; left out: 400 with `{"error":"invalid_grant"}`. */
  readonly dead?: readonly StandInReply[];
}

/** Every declared feed needs one. */
export interface FeedSample {
  readonly feed: string;
  readonly at: { readonly from: Instant; readonly to: Instant } | { readonly day: string } | { readonly cursor: string };
  /** All pages in order. */
  readonly replies: readonly StandInReply[];
  /** The kinds of the facts of all pages. */
  readonly facts: readonly Fact['kind'][];
  /** For cursors: where `first` begins with these replies. */
  readonly first?: { readonly replies: readonly StandInReply[]; readonly cursor: string };
  /** For cursors: what the platform answers to one that it has forgotten. */
  readonly lost?: readonly StandInReply[];
  readonly check?: (facts: readonly Fact[]) => void;
}

/** Every declared question needs one. */
export interface QuestionSample {
  readonly question: string;
  readonly body: Plain;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What the hub says to each code that it is asked about; unknown ones are refused. */
  readonly codes?: Readonly<Record<string, { readonly minor: number; readonly kind?: 'ORDER_DISCOUNT' | 'LINE_DISCOUNT' | 'TENDER' }>>;
  readonly replies?: readonly StandInReply[];
  /** What the platform is answered. */
  readonly answer: Plain;
  /** What the hub was asked to do, in order: `validate`, `redeem`. */
  readonly asked: readonly ('validate' | 'hold' | 'redeem' | 'reverse')[];
}

/** Needed where subscriptions are made by API. */
export interface SubscriptionSample {
  /** What the platform answers the first time, when it has none. */
  readonly replies: readonly StandInReply[];
  /** What it answers the second time, when it has what was made. */
  readonly again: readonly StandInReply[];
  /** Of the subscriptions that come of it; the same both times. */
  readonly ids: readonly string[];
  readonly remove: readonly StandInReply[];
}

/** What the suite needs to know of a platform. Invented by the author: nothing of a real account. */
export interface ConnectorSamples {
  /**
   * Settings that are accepted. Verification keys are added by the suite; secrets are at least 8 characters long. Of several ways to sign,
   * deliveries are signed by the first whose setting is among them.
   */
  readonly settings: Readonly<Record<string, Plain>>;
  /** What the clock shows; left out: 2026-03-06T19:30:00Z. */
  readonly now?: Instant;
  readonly identify: { readonly replies: readonly StandInReply[]; readonly account: string };
  /** Facts of the account, where calls need them. */
  readonly facts?: Readonly<Record<string, string>>;
  /** Members of the credential beside `token` and `refreshToken`. */
  readonly credential?: Readonly<Record<string, string>>;
  /** The location that steps are about, where calls need one. */
  readonly location?: string;
  /** Of the store; EUR where left out. */
  readonly currency?: string;
  readonly auth?: AuthSample;
  readonly feeds?: readonly FeedSample[];
  readonly questions?: readonly QuestionSample[];
  readonly subscriptions?: SubscriptionSample;
  readonly choices?: readonly { readonly name: string; readonly replies: readonly StandInReply[]; readonly values: readonly string[] }[];
  readonly deliveries?: readonly DeliverySample[];
  readonly handshakes?: readonly HandshakeSample[];
  readonly verbs?: readonly VerbSample[];
  readonly fetches?: readonly FetchSample[];
}
