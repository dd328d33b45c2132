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
  /** `messages.send.send`, `alerts.send.send`, `actions.say`. */
  readonly verb: string;
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

/** What the suite needs to know of a platform. Invented by the author: nothing of a real account. */
export interface ConnectorSamples {
  /** Settings that are accepted. Verification keys are added by the suite; secrets are at least 8 characters long. */
  readonly settings: Readonly<Record<string, Plain>>;
  /** What the clock shows; left out: 2026-03-06T19:30:00Z. */
  readonly now?: Instant;
  readonly identify: { readonly replies: readonly StandInReply[]; readonly account: string };
  readonly deliveries?: readonly DeliverySample[];
  readonly handshakes?: readonly HandshakeSample[];
  readonly verbs?: readonly VerbSample[];
  readonly fetches?: readonly FetchSample[];
}
