import { type Action, type Alert, type Job, type Message, type Outcome, type Plain, type Ref, type Verb, z } from '@valehub/connector-kit';
import { escaped, link, post } from './client.ts';
import type { SlackCtx, settings } from './settings.ts';

const MARKS = { INFO: ':information_source:', WARNING: ':warning:', CRITICAL: ':rotating_light:' } as const satisfies Record<
  Alert['severity'],
  string
>;

async function inTurn<In>(jobs: readonly Job<In>[], one: (job: Job<In>) => Promise<Outcome<Ref>>): Promise<{ outcomes: Outcome<Ref>[] }> {
  const outcomes: Outcome<Ref>[] = [];
  for (const job of jobs) outcomes.push(await one(job));
  return { outcomes };
}

const alertText = ({ severity, title, text, link: url }: Alert): string =>
  [`${MARKS[severity]} *${escaped(title)}*`, escaped(text), ...(url === undefined ? [] : [link(url, 'Open')])]
    .filter((part) => part !== '')
    .join('\n');

/** Slack knows no key: after a lost answer an alert may stand there twice, which is better than not at all. */
export const alert: Verb<Alert, Ref, typeof settings> = {
  repeat: 'mayDouble',
  run: (ctx, jobs) => inTurn(jobs, (job) => post(ctx, job.id, alertText(job.input))),
};

/** The address has one channel, so whom it is for stands in the message. */
async function sendOne(ctx: SlackCtx, { id, input }: Job<Message>): Promise<Outcome<Ref>> {
  if (input.channel !== 'CHAT') return { job: id, failed: { code: 'BAD_INPUT', path: 'channel', message: 'Slack is a chat.' } };
  if (input.text === undefined)
    return { job: id, failed: { code: 'BAD_INPUT', path: 'text', message: 'Slack has no templates: a text is needed.' } };
  const heading = [input.toName ?? input.to, ...(input.subject === undefined ? [] : [input.subject])].map(escaped).join(': ');
  return post(ctx, id, `*${heading}*\n${escaped(input.text)}`);
}

export const message: Verb<Message, Ref, typeof settings> = {
  repeat: 'mayDouble',
  run: (ctx, jobs) => inTurn(jobs, (job) => sendOne(ctx, job)),
};

const input = z.strictObject({ text: z.string().min(1).max(10_000) });

async function sayOne(ctx: SlackCtx, job: Job<Plain>): Promise<Outcome<Ref>> {
  const parsed = input.safeParse(job.input);
  if (!parsed.success)
    return { job: job.id, failed: { code: 'BAD_INPUT', path: 'text', message: 'A text of 1 to 10,000 characters is needed.' } };
  return post(ctx, job.id, escaped(parsed.data.text));
}

/** For workflows that want to tell the team something. */
export const say: Action<typeof settings> = {
  title: 'Post a text into the channel',
  input,
  output: z.strictObject({ id: z.null() }),
  repeat: 'mayDouble',
  run: (ctx, jobs) => inTurn(jobs, (job) => sayOne(ctx, job)),
};
