import type { Callback, Credential } from './auth/auth.ts';
import type { Capabilities } from './capabilities.ts';
import type { Choice, Connector, PlatformLocation } from './connector.ts';
import type { AuthCtx, Ctx } from './context.ts';
import type { DayWindow, FeedPage, TimeWindow } from './feeds.ts';
import type { Delivery, Fact, Notice, Resource, Subscription, WantedSubscriptions } from './notices.ts';
import type { Instant, Plain } from './plain.ts';
import type { About, Desk } from './questions.ts';
import * as run from './run.ts';
import type { Job, Step } from './verbs.ts';

/** Everything that the host can ask of a connector, as data: what goes in and what comes out. Only plain data, so that it may cross into another thread. */
export interface Operations {
  readonly identify: { readonly in: object; readonly out: run.Identified };
  readonly locations: { readonly in: object; readonly out: readonly PlatformLocation[] };
  readonly choices: { readonly in: { readonly name: string }; readonly out: readonly Choice[] };
  readonly narrow: { readonly in: object; readonly out: Capabilities };
  readonly split: { readonly in: { readonly delivery: Delivery }; readonly out: readonly Notice[] };
  readonly read: { readonly in: { readonly notice: Notice }; readonly out: readonly Fact[] };
  readonly fetch: { readonly in: { readonly resource: Resource; readonly ids: readonly string[] }; readonly out: readonly Fact[] };
  readonly feed: {
    readonly in: { readonly name: string; readonly at: TimeWindow | DayWindow | { readonly cursor: string } };
    readonly out: FeedPage;
  };
  readonly feedStart: { readonly in: { readonly name: string; readonly since?: Instant }; readonly out: string };
  readonly verb: {
    readonly in: { readonly name: string; readonly jobs: readonly Job<Plain>[]; readonly state: Plain };
    readonly out: Step<Plain, Plain>;
  };
  readonly find: { readonly in: { readonly name: string; readonly jobs: readonly Job<Plain>[] }; readonly out: Step<Plain, Plain> };
  readonly ensure: {
    readonly in: { readonly want: WantedSubscriptions; readonly have: readonly Subscription[] };
    readonly out: readonly Subscription[];
  };
  readonly unsubscribe: { readonly in: { readonly have: readonly Subscription[] }; readonly out: null };
  readonly about: { readonly in: { readonly question: string; readonly delivery: Delivery }; readonly out: About };
  readonly answer: {
    readonly in: { readonly question: string; readonly body: Plain; readonly delivery?: Delivery };
    readonly out: Plain;
  };
  readonly obtain: { readonly in: { readonly have?: Credential }; readonly out: Credential };
  readonly accept: { readonly in: { readonly callback: Callback }; readonly out: Credential };
  readonly revoke: { readonly in: { readonly have: Credential }; readonly out: null };
}
export type OperationName = keyof Operations;
/** One operation with what it needs. */
export type Operation<K extends OperationName = OperationName> = { [N in K]: { readonly op: N } & Operations[N]['in'] }[K];

export interface Performing {
  readonly ctx: () => Ctx;
  readonly authCtx: () => AuthCtx;
  /** For answers. */
  readonly desk?: Desk;
}

const ranStep = async (step: Promise<Step<Plain, Plain>>): Promise<run.Ran<Step<Plain, Plain>>> => ({ ok: true, value: await step });

function dispatch(connector: Connector, { ctx, authCtx, desk }: Performing, operation: Operation): Promise<run.Ran<unknown>> {
  switch (operation.op) {
    case 'identify':
      return run.runIdentify(connector, ctx());
    case 'locations':
      return run.runLocations(connector, ctx());
    case 'choices':
      return run.runChoices(connector, ctx(), operation.name);
    case 'narrow':
      return run.runNarrow(connector, ctx());
    case 'split':
      return run.runSplit(connector, operation.delivery);
    case 'read':
      return run.runRead(connector, ctx(), operation.notice);
    case 'fetch':
      return run.runFetch(connector, ctx(), operation.resource, operation.ids);
    case 'feed':
      return run.runFeed(connector, ctx(), operation.name, operation.at);
    case 'feedStart':
      return run.runFeedStart(connector, ctx(), operation.name, operation.since);
    case 'verb':
      return ranStep(run.runNamedVerb(connector, ctx(), operation.name, operation.jobs, operation.state ?? undefined));
    case 'find':
      return ranStep(run.runFind(connector, ctx(), operation.name, operation.jobs));
    case 'ensure':
      return run.runEnsure(connector, ctx(), operation.want, operation.have);
    case 'unsubscribe':
      return run.runUnsubscribe(connector, ctx(), operation.have);
    case 'about':
      return run.runAbout(connector, operation.question, operation.delivery);
    case 'answer':
      if (!desk) throw new Error('A question is answered with a desk.');
      return run.runAnswer(connector, ctx(), desk, operation.question, operation.body, operation.delivery);
    case 'obtain':
      return run.runObtain(connector, authCtx(), operation.have);
    case 'accept':
      return run.runAccept(connector, authCtx(), operation.callback);
    case 'revoke':
      return run.runRevoke(connector, authCtx(), operation.have);
  }
}

/** Carries out one operation on a connector. Never throws for what the connector does. */
export const perform = <K extends OperationName>(
  connector: Connector,
  performing: Performing,
  operation: Operation<K>,
): Promise<run.Ran<Operations[K]['out']>> =>
  dispatch(connector, performing, operation as Operation) as Promise<run.Ran<Operations[K]['out']>>;
