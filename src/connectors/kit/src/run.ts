import { types } from 'node:util';
import { z } from 'zod';
import type { Callback, Credential } from './auth/auth.ts';
import { CAPABILITY_KEYS, type Capabilities } from './capabilities.ts';
import type { Choice, Connector, Identity, PlatformLocation } from './connector.ts';
import type { AuthCtx, Ctx } from './context.ts';
import { CallError, type Failure, failureSchema } from './failure.ts';
import type { DayWindow, FeedPage, TimeWindow } from './feeds.ts';
import { authOf } from './http/create-context.ts';
import { plainSchema } from './hub.ts';
import {
  type Delivery,
  type Fact,
  factSchema,
  type Notice,
  noticeSchema,
  type Resource,
  type Subscription,
  type WantedSubscriptions,
} from './notices.ts';
import type { Instant, Plain } from './plain.ts';
import type { About, Desk } from './questions.ts';
import { findVerb } from './verb-table.ts';
import type { Job, Outcome, Step, Verb } from './verbs.ts';

/** What came of calling a connector: a value, or a failure of the closed table. */
export type Ran<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

const authorsFault = (what: string): Failure => ({ code: 'BAD_REPLY', message: what });

/** What a connector throws besides `CallError` is its own fault; the text may hold anything, so only its kind is told. */
function failureOf(cause: unknown): Failure {
  if (cause instanceof CallError) return cause.failure;
  // A package may bring its own copy of the kit, whose class is another.
  const carried = failureSchema.safeParse((cause as { readonly failure?: unknown } | null)?.failure);
  if (carried.success) return carried.data;
  const kind = types.isNativeError(cause) ? cause.name : typeof cause;
  return authorsFault(`The connector failed with ${kind === 'ZodError' ? 'a reply that does not fit its schema' : kind}.`);
}

async function guarded<T>(schema: z.ZodType<T>, what: string, run: () => unknown): Promise<Ran<T>> {
  try {
    const parsed = schema.safeParse(await run());
    if (parsed.success) return { ok: true, value: parsed.data };
    const [issue] = parsed.error.issues;
    return {
      ok: false,
      failure: authorsFault(
        `${what} of the connector is malformed at ${issue?.path.map(String).join('.') || 'its root'}: ${issue?.message ?? 'unknown'}.`,
      ),
    };
  } catch (cause) {
    return { ok: false, failure: failureOf(cause) };
  }
}

/** Whose the credentials are, or among whom a person has to choose. */
export type Identified = Identity | { readonly choose: readonly Identity[] };

const oneIdentity = z.strictObject({
  account: z.string().min(1).max(255),
  name: z.string().max(1000),
  scopes: z.array(z.string()).optional(),
  facts: z.record(z.string(), z.string()).optional(),
});
const identitySchema = z.union([oneIdentity, z.strictObject({ choose: z.array(oneIdentity).min(1) })]) as z.ZodType<Identified>;
const locationsSchema = z.array(
  z.strictObject({ id: z.string().min(1), name: z.string(), currency: z.string().optional(), zone: z.string().optional() }),
) as unknown as z.ZodType<readonly PlatformLocation[]>;
const MAX_FACTS = 10_000;
const factsSchema: z.ZodType<readonly Fact[]> = z.array(factSchema).max(MAX_FACTS);

/** The test call. */
export const runIdentify = (connector: Connector, ctx: Ctx): Promise<Ran<Identified>> =>
  guarded(identitySchema, 'The identity', () => connector.identify(ctx));

/** The platform's locations; an empty list where the connector cannot tell. */
export const runLocations = (connector: Connector, ctx: Ctx): Promise<Ran<readonly PlatformLocation[]>> =>
  guarded(locationsSchema, 'The list of locations', () => connector.locations?.(ctx) ?? []);

/** Splits a stored delivery. A failure here means that the body is not the platform's. */
export const runSplit = (connector: Connector, delivery: Delivery): Promise<Ran<readonly Notice[]>> =>
  guarded(z.array(noticeSchema).max(MAX_FACTS), 'A notice', () => connector.webhooks?.split(delivery) ?? []);

/** Makes facts of a notice. A topic that is not declared gives none. */
export const runRead = (connector: Connector, ctx: Ctx, notice: Notice): Promise<Ran<readonly Fact[]>> =>
  guarded(factsSchema, 'A fact', () => (connector.webhooks?.topics.includes(notice.topic) ? connector.webhooks.read(ctx, notice) : []));

/** Reads things again, at most `max` in one go. */
export async function runFetch(connector: Connector, ctx: Ctx, resource: Resource, ids: readonly string[]): Promise<Ran<readonly Fact[]>> {
  const fetch = connector.fetch?.[resource];
  if (!fetch) return { ok: false, failure: { code: 'NOT_SUPPORTED', message: `The connector cannot read a ${resource} again.` } };
  const facts: Fact[] = [];
  for (let from = 0; from < ids.length; from += fetch.max) {
    const ran = await guarded(factsSchema, 'A fact', () => fetch.read(ctx, ids.slice(from, from + fetch.max)));
    if (!ran.ok) return ran;
    facts.push(...ran.value);
  }
  return { ok: true, value: facts };
}

const feedPageSchema = z.strictObject({
  facts: z.array(factSchema).max(MAX_FACTS),
  next: z.string().min(1).max(10_000).optional(),
  more: z.boolean(),
}) as z.ZodType<FeedPage>;

/** Where a cursor feed begins. */
export async function runFeedStart(connector: Connector, ctx: Ctx, name: string, since: Instant | undefined): Promise<Ran<string>> {
  const feed = connector.feeds?.[name];
  if (feed?.by !== 'cursor') return missing(`a feed ${name} with a cursor`);
  return guarded(z.string().min(1).max(10_000), 'The cursor', () => feed.first(ctx, since));
}

/** One page of a feed: of a window, or from a cursor on. */
export async function runFeed(
  connector: Connector,
  ctx: Ctx,
  name: string,
  at: TimeWindow | DayWindow | { readonly cursor: string },
): Promise<Ran<FeedPage>> {
  const feed = connector.feeds?.[name];
  return guarded(feedPageSchema, 'A page of a feed', () => {
    if (feed?.by === 'cursor' && 'cursor' in at) return feed.read(ctx, at.cursor);
    if (feed?.by === 'time' && 'from' in at) return feed.read(ctx, at);
    if (feed?.by === 'businessDay' && 'day' in at) return feed.read(ctx, at);
    throw new CallError({ code: 'NOT_SUPPORTED', message: `The connector has no feed ${name} that is read so.` });
  });
}

const missing = (what: string): { readonly ok: false; readonly failure: Failure } => ({
  ok: false,
  failure: { code: 'NOT_SUPPORTED', message: `The connector has not ${what}.` },
});

/** The live values of a setting. */
export async function runChoices(connector: Connector, ctx: Ctx, name: string): Promise<Ran<readonly Choice[]>> {
  const choices = connector.choices && Object.hasOwn(connector.choices, name) ? connector.choices[name] : undefined;
  if (!choices) return missing(`choices for ${name}`);
  return guarded(z.array(z.strictObject({ value: z.string(), label: z.string() })).max(10_000), 'A choice', () => choices(ctx));
}

const supportSchema = z.union([z.enum(['ENFORCED', 'BY_HUB', 'NOT_POSSIBLE']), z.strictObject({ approximated: z.string().min(1) })]);
const capabilitiesSchema = z.partialRecord(z.enum(CAPABILITY_KEYS), supportSchema) as z.ZodType<Capabilities>;

/** What this account can do less than the connector says. */
export const runNarrow = (connector: Connector, ctx: Ctx): Promise<Ran<Capabilities>> =>
  guarded(capabilitiesSchema, 'The capabilities', () => connector.narrow?.(ctx) ?? {});

const subscriptionsSchema = z.array(
  z.strictObject({
    id: z.string().min(1).max(255),
    topics: z.array(z.string()),
    url: z.string(),
    secrets: z.record(z.string(), z.string()).optional(),
    expiresAt: z.iso.datetime({ offset: true }).optional(),
  }),
) as unknown as z.ZodType<readonly Subscription[]>;

/** Sets the subscriptions at the platform right. */
export async function runEnsure(
  connector: Connector,
  ctx: Ctx,
  want: WantedSubscriptions,
  have: readonly Subscription[],
): Promise<Ran<readonly Subscription[]>> {
  const subscriptions = connector.webhooks?.subscriptions;
  if (!subscriptions || !('ensure' in subscriptions)) return missing('subscriptions that it makes by itself');
  return guarded(subscriptionsSchema, 'A subscription', () => subscriptions.ensure(ctx, want, have));
}

export async function runUnsubscribe(connector: Connector, ctx: Ctx, have: readonly Subscription[]): Promise<Ran<null>> {
  const subscriptions = connector.webhooks?.subscriptions;
  if (!subscriptions || !('remove' in subscriptions)) return missing('subscriptions that it makes by itself');
  return guarded(z.null(), 'The answer', async () => {
    await subscriptions.remove(ctx, have);
    return null;
  });
}

const aboutSchema = z.strictObject({
  account: z.string().min(1).max(255).optional(),
  location: z.string().min(1).max(255).optional(),
  repeatKey: z.string().min(1).max(500),
}) as z.ZodType<About>;

/** Whom a question is about, and how its repeat is known. Pure. */
export async function runAbout(connector: Connector, name: string, delivery: Delivery): Promise<Ran<About>> {
  const question = connector.questions?.[name];
  return question ? guarded(aboutSchema, 'What a question is about', () => question.about(delivery)) : missing(`a question ${name}`);
}

/** The answer to a question, in the form that the platform takes. `delivery`: as it came in; without it a connector sees no headers. */
export async function runAnswer(
  connector: Connector,
  ctx: Ctx,
  desk: Desk,
  name: string,
  body: Plain,
  delivery: Delivery = bareDelivery(ctx, body),
): Promise<Ran<Plain>> {
  const question = connector.questions?.[name];
  if (!question) return missing(`a question ${name}`);
  const input = question.input.safeParse(body);
  if (!input.success) {
    const [issue] = input.error.issues;
    return {
      ok: false,
      failure: {
        code: 'BAD_INPUT',
        message: `The question is not in the expected form at ${issue?.path.map(String).join('.') || 'its root'}.`,
      },
    };
  }
  return guarded(question.output as z.ZodType<Plain>, 'The answer', () => question.answer({ ...ctx, desk }, input.data as Plain, delivery));
}

const bareDelivery = (ctx: Ctx, body: Plain): Delivery => ({
  method: 'POST',
  headers: {},
  query: {},
  body,
  bodyHash: '',
  receivedAt: ctx.now(),
  signed: false,
});

const credentialSchema = z.strictObject({
  secrets: z.record(z.string(), z.string()),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
  useBefore: z.iso.datetime({ offset: true }).optional(),
  facts: z.record(z.string(), z.string()).optional(),
}) as z.ZodType<Credential>;

/** Logs in or renews. */
export async function runObtain(connector: Connector, ctx: AuthCtx, have: Credential | undefined): Promise<Ran<Credential>> {
  const obtain = authOf(connector, ctx)?.obtain;
  return obtain ? guarded(credentialSchema, 'The credential', () => obtain(ctx, have)) : missing('a log-in of its own');
}

/** Makes a credential of what the callback brought. */
export async function runAccept(connector: Connector, ctx: AuthCtx, callback: Callback): Promise<Ran<Credential>> {
  const accept = authOf(connector, ctx)?.accept;
  return accept ? guarded(credentialSchema, 'The credential', () => accept(ctx, callback)) : missing('an authorisation in the browser');
}

export async function runRevoke(connector: Connector, ctx: AuthCtx, have: Credential): Promise<Ran<null>> {
  const revoke = authOf(connector, ctx)?.revoke;
  return guarded(z.null(), 'The answer', async () => {
    await revoke?.(ctx, have);
    return null;
  });
}

const outcomeSchema = z.union([
  z.strictObject({ job: z.string(), done: plainSchema }),
  z.strictObject({ job: z.string(), failed: failureSchema }),
  z.strictObject({ job: z.string(), absent: z.literal(true) }),
]);
const stepSchema = z.union([
  z.strictObject({ outcomes: z.array(outcomeSchema) }),
  z.strictObject({ outcomes: z.array(outcomeSchema).optional(), goOn: plainSchema, at: z.iso.datetime({ offset: true }).optional() }),
]);

/** One step of a verb, settled: every job has an outcome, unless the verb goes on. `jobs` is no longer than the verb's batch. */
export async function runVerb<In, Out>(
  verb: Verb<In, Out>,
  ctx: Ctx,
  jobs: readonly Job<In>[],
  state: Plain | undefined,
): Promise<Step<Out, Plain>> {
  const ran = await guarded(stepSchema, 'The outcome', () => verb.run(ctx, jobs, state));
  const given = ran.ok ? (ran.value.outcomes ?? []) : [];
  const known = new Map(given.map((outcome) => [outcome.job, outcome]));
  const missing: Failure = ran.ok ? { ...authorsFault('The connector gave no outcome.'), unknown: true } : ran.failure;
  const goesOn = ran.ok && 'goOn' in ran.value;
  const outcomes = jobs.flatMap((job): Outcome<Out>[] => {
    const outcome = known.get(job.id);
    if (outcome) return [outcome as Outcome<Out>];
    return goesOn ? [] : [{ job: job.id, failed: missing }];
  });
  if (ran.ok && 'goOn' in ran.value) return { outcomes, goOn: ran.value.goOn, ...(ran.value.at === undefined ? {} : { at: ran.value.at }) };
  return { outcomes };
}

/** One step of a verb by its name, its inputs and outputs parsed. */
export async function runNamedVerb(
  connector: Connector,
  ctx: Ctx,
  name: string,
  jobs: readonly Job<Plain>[],
  state: Plain | undefined,
): Promise<Step<Plain, Plain>> {
  const found = findVerb(connector, name);
  if (!found) return { outcomes: jobs.map((job) => ({ job: job.id, failed: missing(`the verb ${name}`).failure })) };
  return checked(found.output, await runVerb(found.verb, ctx, jobs, state));
}

/** Asks the platform what an earlier attempt may have done. */
export async function runFind(connector: Connector, ctx: Ctx, name: string, jobs: readonly Job<Plain>[]): Promise<Step<Plain, Plain>> {
  const found = findVerb(connector, name);
  const repeat = found?.verb.repeat;
  const find = typeof repeat === 'object' ? repeat.find : undefined;
  if (!found || !find)
    return { outcomes: jobs.map((job) => ({ job: job.id, failed: missing(`a way to ask for what ${name} has done`).failure })) };
  const asked: Verb<Plain, Plain> = { repeat: 'safe', run: async (of, some) => ({ outcomes: await find(of, some) }) };
  return checked(found.output, await runVerb(asked, ctx, jobs, undefined));
}

function checked(output: z.ZodType, step: Step<Plain, Plain>): Step<Plain, Plain> {
  const outcomes = (step.outcomes ?? []).map((outcome): Outcome<Plain> => {
    if (!('done' in outcome)) return outcome;
    const parsed = output.safeParse(outcome.done);
    return parsed.success
      ? { job: outcome.job, done: parsed.data as Plain }
      : {
          job: outcome.job,
          failed: {
            ...authorsFault(`The outcome is not in the form of the verb: ${parsed.error.issues[0]?.message ?? 'unknown'}.`),
            unknown: true,
          },
        };
  });
  return { ...step, outcomes };
}
