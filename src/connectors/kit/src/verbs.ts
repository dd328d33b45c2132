import type { z } from 'zod';
import type { Ctx } from './context.ts';
import type { Failure } from './failure.ts';
import type {
  Alert,
  Applied,
  Apply,
  HubCustomer,
  HubDocument,
  HubEvent,
  Journal,
  Message,
  MoreCodes,
  Publication,
  Ref,
  Row,
} from './hub.ts';
import type { Duration, Instant, Plain } from './plain.ts';

/** One thing to do. `key` is the same in every attempt, and no longer than what the verb declares. */
export interface Job<In> {
  readonly id: string;
  readonly key: string;
  readonly location?: string;
  readonly input: In;
}

/** How one job ended. `absent` comes from `find` only: the platform does not have it. */
export type Outcome<Out> =
  | { readonly job: string; readonly done: Out }
  | { readonly job: string; readonly failed: Failure }
  | { readonly job: string; readonly absent: true };

/** All outcomes, or those so far with a state to go on from, now or at `at`. The state is stored, so it outlives the process. */
export type Step<Out, State> =
  | { readonly outcomes: readonly Outcome<Out>[] }
  | { readonly outcomes?: readonly Outcome<Out>[]; readonly goOn: State; readonly at?: Instant };

/** Whether it may be sent again after an outcome nobody knows: harmless, doubled but bearable, never (parked for a person), or under a key. */
export type Repeat<In, Out, S extends z.ZodObject> =
  | 'safe'
  | 'mayDouble'
  | 'never'
  | {
      /** The platform drops doubles by a key of at most `max` characters, for `lives`. */
      readonly key?: { readonly max: number; readonly lives?: Duration };
      find?(ctx: Ctx<S>, jobs: readonly Job<In>[]): Promise<readonly Outcome<Out>[]>;
    };

export interface Verb<In, Out, S extends z.ZodObject = z.ZodObject, State extends Plain = Plain> {
  /** Rights at the platform without which it cannot work. */
  readonly scopes?: readonly string[];
  /** Jobs in one go; 1 where left out. */
  readonly batch?: { readonly max: number /** Of the inputs as JSON. */; readonly maxBytes?: number };
  readonly oneAtATime?: 'account' | 'target';
  readonly repeat: Repeat<In, Out, S>;
  /** Gives one outcome for every job. What it throws becomes the failure of all jobs without one. */
  run(ctx: Ctx<S>, jobs: readonly Job<In>[], state: State | undefined): Promise<Step<Out, State>>;
}

/** A verb outside the roles, callable by name from a workflow. */
export interface Action<S extends z.ZodObject = z.ZodObject> extends Verb<Plain, Plain, S> {
  readonly title: string;
  readonly input: z.ZodType;
  readonly output: z.ZodType;
}

/** How things of one kind come in. */
export interface Source {
  readonly webhooks?: true;
  /** Signed webhooks bring each one whole, and the platform has no way to read it again: then `fetch` may be missing, and there is no feed. */
  readonly whole?: true;
  readonly feed?: string;
}

/** The typed ports, so that a workflow or a report never names a platform. More are added as their platforms come; a role that is not listed here is refused at boot. */
export interface Roles<S extends z.ZodObject = z.ZodObject> {
  /** Orders, payments and refunds come in: by webhooks, by the feed of that name, or by both; each can be read again by `fetch.order`. */
  readonly 'orders.source': Source;
  /** Puts a voucher on an open check and takes it off again. */
  readonly 'orders.apply': { readonly apply: Verb<Apply, Applied, S>; readonly remove: Verb<Applied, null, S> };
  readonly 'vouchers.publish': {
    readonly publish: Verb<Publication, Ref, S>;
    readonly update: Verb<{ readonly to: Ref; readonly publication: Publication }, Ref, S>;
    readonly withdraw: Verb<Ref, null, S>;
    /** Gives how many were added, and those that the platform refused. */
    readonly addCodes?: Verb<MoreCodes, { readonly added: number; readonly refused: readonly string[] }, S>;
  };
  readonly 'customers.source': Source;
  readonly 'customers.sink': { readonly upsert: Verb<HubCustomer, Ref, S> };
  readonly 'messages.send': { readonly channels: readonly Message['channel'][]; readonly send: Verb<Message, Ref, S> };
  readonly 'events.push': { readonly push: Verb<HubEvent, Ref, S> };
  readonly 'documents.post': { readonly post: Verb<HubDocument, Ref, S> };
  readonly 'documents.list': { readonly feed: string };
  readonly 'journal.post': { readonly post: Verb<Journal, Ref, S> };
  readonly 'rows.append': { readonly append: Verb<Row, Ref, S> };
  readonly 'alerts.send': { readonly send: Verb<Alert, Ref, S> };
}
export type RoleName = keyof Roles;
