import type { z } from 'zod';
import type { Ctx } from './context.ts';
import type { Money } from './hub.ts';
import type { Delivery } from './notices.ts';
import type { Awaitable, Duration, Plain } from './plain.ts';
import type { Verification, VerificationChoice } from './verification.ts';

/** A basket as a till asks about it: shapes of the hub's GraphQL `OrderInput`. */
export interface DeskOrder {
  readonly externalId: string;
  /** The platform's location; the connection's store where it has only one. */
  readonly location?: string;
  readonly currency: string;
  readonly lines: readonly {
    readonly id: string;
    readonly sku: string;
    readonly name?: string;
    readonly group?: string;
    readonly quantity: string;
    readonly unitPrice: Money;
    readonly discount?: Money;
  }[];
  readonly customer?: { readonly phone?: string; readonly email?: string };
}

/** What became of one code. `message` is for the guest or the staff, in the store's language. */
export type DeskOutcome =
  | {
      readonly code: string;
      readonly ok: true;
      readonly amount: Money;
      readonly kind: 'ORDER_DISCOUNT' | 'LINE_DISCOUNT' | 'TENDER';
      readonly lines: readonly { readonly lineId: string; readonly amount: Money }[];
      readonly campaign: string;
    }
  | { readonly code: string; readonly ok: false; readonly reason: string; readonly message: string };

/** The hub's decisions, for questions. It acts as a TILL in the stores of this connection and nowhere else; `source` is the connection. */
export interface Desk {
  validate(input: { readonly codes: readonly string[]; readonly order: DeskOrder }): Promise<readonly DeskOutcome[]>;
  hold(input: {
    readonly key: string;
    readonly codes: readonly string[];
    readonly order: DeskOrder;
    readonly seconds: number;
  }): Promise<{ readonly holdId: string | null; readonly outcomes: readonly DeskOutcome[] }>;
  redeem(input: {
    readonly key: string;
    readonly codes: readonly string[];
    readonly order: DeskOrder;
  }): Promise<{ readonly redeemed: boolean; readonly outcomes: readonly DeskOutcome[] }>;
  /** Undoes all that the redeem with that key did. */
  reverse(input: {
    readonly key: string;
    readonly redeemKey: string;
    readonly location?: string;
  }): Promise<{ readonly reversed: boolean; readonly message?: string }>;
}

export interface About {
  readonly account?: string;
  readonly location?: string;
  /** The platform's id of this very question: asked again, it is answered as it was. */
  readonly repeatKey: string;
}

/** The platform calls and waits: loyalty at a till, a modal in a chat. The address is the webhook address + `/<name>`. */
export interface Question<S extends z.ZodObject = z.ZodObject> {
  readonly title: string;
  readonly verify: Verification | readonly VerificationChoice[];
  /** What bodies are; as with webhooks. `empty`: a request without a body is good too, and its body is null. */
  readonly body: readonly ('json' | 'form' | 'empty' | { readonly formField: string })[];
  /** The platform's deadline, less a margin for the way. */
  readonly within: Duration;
  /** Parses the body. */
  readonly input: z.ZodType;
  /** Parses the answer before it leaves; it is sent as JSON with status 200. */
  readonly output: z.ZodType;
  /** Where the status says something too: the answer's member that holds it. It is the status of what is sent, and not sent itself. */
  readonly statusMember?: string;
  about(delivery: Delivery): About;
  /** `delivery` for what only the headers say. */
  answer(ctx: Ctx<S> & { readonly desk: Desk }, input: Plain, delivery: Delivery): Awaitable<Plain>;
  /** What is said, with its status, where the hub cannot answer in time or at all. Left out: status 503, empty. */
  readonly otherwise?: { readonly status: number; readonly body: Plain };
}
