import { types } from 'node:util';
import { z } from 'zod';
import type { Connector, Identity, PlatformLocation } from './connector.ts';
import type { Ctx } from './context.ts';
import { CallError, type Failure, failureSchema } from './failure.ts';
import { plainSchema } from './hub.ts';
import { type Delivery, type Fact, factSchema, type Notice, noticeSchema, type Resource } from './notices.ts';
import type { Plain } from './plain.ts';
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

const identitySchema: z.ZodType<Identity> = z.strictObject({
  account: z.string().min(1).max(255),
  name: z.string().max(1000),
  scopes: z.array(z.string()).optional(),
  facts: z.record(z.string(), z.string()).optional(),
}) as z.ZodType<Identity>;
const locationsSchema = z.array(
  z.strictObject({ id: z.string().min(1), name: z.string(), currency: z.string().optional(), zone: z.string().optional() }),
) as unknown as z.ZodType<readonly PlatformLocation[]>;
const MAX_FACTS = 10_000;
const factsSchema: z.ZodType<readonly Fact[]> = z.array(factSchema).max(MAX_FACTS);

/** The test call. */
export const runIdentify = (connector: Connector, ctx: Ctx): Promise<Ran<Identity>> =>
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
