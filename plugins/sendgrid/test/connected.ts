import type { Ctx, HubCustomer, Job, Message, Outcome, Plain, Ref } from '@valehub/connector-kit';
import { createCtx, createTransport, parseSettings, runNamedVerb } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import type { SendGridStandIn } from './stand-in.ts';

/** Connections of tests to a stand-in. */
export const transport = createTransport({ allowPrivateHosts: true });

export const NOW = Date.parse('2026-03-06T19:30:00Z');

export function connect(standIn: SendGridStandIn, more: Readonly<Record<string, unknown>> = {}, now: () => number = () => NOW): Ctx {
  const result = parseSettings(connector, { ...standIn.settings, ...more });
  if (!result.ok) throw new Error(`the settings are refused: ${JSON.stringify(result.faults)}`);
  const { settings, secrets } = result.parsed;
  return createCtx({ connector, settings, secrets, store: () => undefined, transport, now, deadlineMs: 5000 });
}

/** Runs a verb to its end, as the host does: the state goes through JSON, and settled jobs are left out of the next step. */
export async function through(ctx: Ctx, verb: string, inputs: readonly (Message | HubCustomer)[]) {
  const jobs = inputs.map((input, index): Job<Plain> => ({ id: `job-${index + 1}`, key: `key-${index + 1}`, input: input as Plain }));
  const outcomes: Outcome<Ref>[] = [];
  const waits: string[] = [];
  let state: Plain | undefined;
  for (let steps = 0; steps < 500; steps += 1) {
    const open = jobs.filter(({ id }) => !outcomes.some(({ job }) => job === id));
    const step = await runNamedVerb(connector, ctx, verb, open, state);
    outcomes.push(...((step.outcomes ?? []) as readonly Outcome<Ref>[]));
    if (!('goOn' in step)) break;
    state = JSON.parse(JSON.stringify(step.goOn)) as Plain;
    waits.push(step.at ?? 'now');
  }
  outcomes.sort((a, b) => jobs.findIndex(({ id }) => id === a.job) - jobs.findIndex(({ id }) => id === b.job));
  return { outcomes, waits };
}
