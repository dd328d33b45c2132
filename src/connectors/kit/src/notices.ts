import { z } from 'zod';
import type { Ctx } from './context.ts';
import { hubCustomerSchema, hubDiscountSchema, hubDocumentSchema, hubOrderSchema, plainSchema, revisionSchema } from './hub.ts';
import type { Awaitable, Instant, Plain } from './plain.ts';
import type { Place, Verification, VerificationChoice } from './verification.ts';

export const RESOURCES = ['order', 'payment', 'customer', 'discount', 'document', 'message'] as const;
export type Resource = (typeof RESOURCES)[number];

/** One HTTP request of the platform, verified and stored. Header names are in lower case. */
export interface Delivery {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Plain;
  /** SHA-256 of the raw body in hex. */
  readonly bodyHash: string;
  readonly receivedAt: Instant;
  /** False under `token`, `basic` and `urlSecret`: then only what `fetch` returns is booked. */
  readonly signed: boolean;
}

export const noticeSchema = z.strictObject({
  /** The platform's account that it is about. */
  account: z.string().min(1).max(255).optional(),
  location: z.string().min(1).max(255).optional(),
  /** The platform's own word for what happened. Unknown ones are kept. */
  topic: z.string().min(1).max(255),
  /** What has to be worked in turn: notices with the same resource are never worked at once. */
  resource: z.tuple([z.enum(RESOURCES), z.string().min(1).max(255)]).optional(),
  at: z.iso.datetime({ offset: true }).optional(),
  /** The hub's own change, told back to it: kept and not acted on. */
  ours: z.boolean().optional(),
  /** What `read` needs of the delivery. */
  body: plainSchema,
  /** The platform's id of the event, by which a repeat is known. `signal`: it only says that something changed; never a repeat, pending ones merge. */
  repeat: z.union([z.strictObject({ key: z.string().min(1).max(500) }), z.literal('signal')]),
});
/** What one delivery says about one account and one resource. */
export type Notice = z.infer<typeof noticeSchema>;

const located = { location: z.string().min(1).max(255).optional() };
const instant = z.iso.datetime({ offset: true });
const id = z.string().min(1).max(255);

export const factSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('order'), ...located, order: hubOrderSchema }),
  /** It is no more at the platform. */
  z.strictObject({ kind: z.literal('gone'), ...located, resource: z.enum(RESOURCES), id, revision: revisionSchema.optional() }),
  /** A customer of the platform; the hub finds its own by phone or e-mail, never by name. */
  z.strictObject({ kind: z.literal('customer'), ...located, customer: hubCustomerSchema }),
  /** A discount or coupon as it stands at the platform: how often it was used, whether it is still there. */
  z.strictObject({ kind: z.literal('discount'), ...located, discount: hubDiscountSchema }),
  /** A document of the accounts, for reconciliation. */
  z.strictObject({ kind: z.literal('document'), ...located, document: hubDocumentSchema }),
  /** Read this one too, by `fetch`. */
  z.strictObject({ kind: z.literal('again'), ...located, resource: z.enum(RESOURCES), id }),
  z.strictObject({
    kind: z.literal('messageStatus'),
    ...located,
    /** The job's key under which the message was sent. */
    job: id,
    state: z.enum(['QUEUED', 'DELIVERED', 'OPENED', 'CLICKED', 'BOUNCED', 'REFUSED']),
    at: instant,
    /** Why it bounced or was refused; nothing personal. */
    reason: z.string().max(500).optional(),
  }),
  /** A person gave or took back leave to be written to. `identity`: the e-mail address or phone number. */
  z.strictObject({
    kind: z.literal('consent'),
    ...located,
    identity: id,
    channel: z.enum(['EMAIL', 'SMS', 'PUSH', 'CHAT']),
    given: z.boolean(),
    at: instant,
    key: id,
  }),
  /** A button of an alert. `by`: the platform's user, whom the setting `approvers` maps. */
  z.strictObject({
    kind: z.literal('pressed'),
    ...located,
    alert: id,
    button: id,
    by: id,
    key: id,
    at: instant,
    replyTo: z.string().max(2000).optional(),
  }),
  /** A person asks the platform for what is stored of them, or for its erasure; told to an operator. */
  z.strictObject({ kind: z.literal('privacy'), ...located, ask: z.enum(['EXPORT', 'ERASE']), identity: id, key: id }),
  /** The platform may no more be used with these credentials. */
  z.strictObject({ kind: z.literal('access'), ...located, is: z.enum(['REVOKED', 'UNINSTALLED', 'EXPIRES']), at: instant }),
  /** An event for workflows (`{"on": "CUSTOM", "name": ...}`). `data` holds nothing personal. */
  z.strictObject({
    kind: z.literal('custom'),
    ...located,
    name: z.string().regex(/^[a-z0-9]+(\.[a-z0-9_]+)+$/),
    key: id,
    at: instant,
    data: z.record(z.string(), plainSchema),
  }),
]);
/** What the connector has made of a notice, in the hub's words. */
export type Fact = z.infer<typeof factSchema>;

/** A place, or a place with the value that it must hold. */
export type Sign = Place | { readonly at: Place; readonly is: string };

/** A request by which the platform tries the address. Matched by `when`; never makes a notice. */
export interface Handshake {
  readonly method: 'GET' | 'POST';
  readonly when: readonly Sign[];
  readonly unless?: readonly Sign[];
  /** Verified like a delivery. An unsigned one has no effect but its echo. */
  readonly signed: boolean;
  /** What the answer's body is. Left out: empty. */
  readonly echo?: Place;
  /** A code that a person must enter at the platform. */
  readonly noteForPerson?: Place;
}

/** One subscription at the platform. */
export interface Subscription {
  readonly id: string;
  readonly topics: readonly string[];
  readonly url: string;
  /** Keys that the platform gave with it, by the names that `verify` uses. Sealed by the host; handed in again as names only. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly expiresAt?: Instant;
}

export interface WantedSubscriptions {
  /** The address that the platform has to call. */
  readonly url: string;
  readonly topics: readonly string[];
  /** For platforms where we choose the key: 32 random bytes in base64, new for each call. */
  readonly newSecret: string;
}

/** Subscribes by the platform's API. */
export interface Subscribing<S extends z.ZodObject = z.ZodObject> {
  /** Once for each connection, or once for the App. */
  readonly by: 'connection' | 'app';
  /** Compares what is wanted with what there is, at the platform too, and sets it right. Run on connect, at boot, daily, and before one expires; doing it twice is doing it once. */
  ensure(ctx: Ctx<S>, want: WantedSubscriptions, have: readonly Subscription[]): Awaitable<readonly Subscription[]>;
  remove(ctx: Ctx<S>, have: readonly Subscription[]): Awaitable<void>;
}

export interface Webhooks<S extends z.ZodObject = z.ZodObject> {
  /** What bodies are, by content type: `json`, `form`, or a form whose field holds JSON. */
  readonly body: readonly ('json' | 'form' | { readonly formField: string })[];
  /** 1 MB where left out, 10 MB at most. */
  readonly maxBytes?: number;
  readonly verify: Verification | readonly VerificationChoice[];
  /** The topics that `split` can give, each with a sample in the plugin's tests. `[]`: handshakes only. */
  readonly topics: readonly string[];
  readonly handshakes?: readonly Handshake[];
  /** Pure. `[]` is good. Throws only where the body is not the platform's: the delivery is kept and shown to a person. */
  split(delivery: Delivery): readonly Notice[];
  /** Later, as often as the host needs: what the notice means, with fetching where it is thin. */
  read(ctx: Ctx<S>, notice: Notice): Awaitable<readonly Fact[]>;
  /** `manual`: what a person has to do at the platform so that it calls the hub; Markdown. Else by the platform's API, `whenSet` only where that setting has a value. */
  readonly subscriptions: { readonly manual: string } | (Subscribing<S> & { readonly manual?: string; readonly whenSet?: string });
}

/** Reads things of one kind again: thin events, back-fill and "read it again" all end here. */
export interface Fetch<S extends z.ZodObject = z.ZodObject> {
  /** Ids in one go. */
  readonly max: number;
  read(ctx: Ctx<S>, ids: readonly string[]): Awaitable<readonly Fact[]>;
}
