import { type Action, inTurn, type Job, type Message, type Outcome, type Plain, type Ref, type Verb, z } from '@valehub/connector-kit';
import { post } from './posting.ts';
import { postsByAddress, type SlackCtx, type settings } from './settings.ts';
import { escaped } from './text.ts';

/** A channel (C, G), a conversation (D) or a person (U, W). */
const CONVERSATION = /^[CGDUW][A-Z0-9]{6,20}$/;

/** An installed app writes to whom the message names. Anybody else is no chat of Slack: then the channel is told whom it is for. */
async function sendOne(ctx: SlackCtx, { id, input }: Job<Message>): Promise<Outcome<Ref>> {
  if (input.channel !== 'CHAT') return { job: id, failed: { code: 'BAD_INPUT', path: 'channel', message: 'Slack is a chat.' } };
  if (input.text === undefined)
    return { job: id, failed: { code: 'BAD_INPUT', path: 'text', message: 'Slack has no templates: a text is needed.' } };
  const isDirect = !postsByAddress(ctx) && CONVERSATION.test(input.to);
  const heading = [...(isDirect ? [] : [input.toName ?? input.to]), ...(input.subject === undefined ? [] : [input.subject])];
  const lines = [...(heading.length === 0 ? [] : [`*${heading.map(escaped).join(': ')}*`]), escaped(input.text)];
  return post(ctx, id, { text: lines.join('\n') }, isDirect ? input.to : undefined);
}

export const send: Verb<Message, Ref, typeof settings> = {
  scopes: ['chat:write'],
  repeat: 'mayDouble',
  run: async (ctx, jobs) => ({ outcomes: await inTurn(jobs, (job) => sendOne(ctx, job)) }),
};

const input = z.strictObject({ text: z.string().min(1).max(10_000), channel: z.string().min(1).max(100).optional() });

async function sayOne(ctx: SlackCtx, job: Job<Plain>): Promise<Outcome<Ref>> {
  const parsed = input.safeParse(job.input);
  if (!parsed.success)
    return { job: job.id, failed: { code: 'BAD_INPUT', path: 'text', message: 'A text of 1 to 10,000 characters is needed.' } };
  const { text, channel } = parsed.data;
  if (channel !== undefined && postsByAddress(ctx))
    return {
      job: job.id,
      failed: { code: 'NOT_SUPPORTED', path: 'channel', message: 'An incoming webhook has one channel, and it cannot be chosen.' },
    };
  return post(ctx, job.id, { text: escaped(text) }, channel);
}

/** For workflows that want to tell the team something. */
export const say: Action<typeof settings> = {
  title: 'Post a text into the channel',
  input,
  output: z.strictObject({ id: z.string().nullable() }),
  repeat: 'mayDouble',
  run: async (ctx, jobs) => ({ outcomes: await inTurn(jobs, (job) => sayOne(ctx, job)) }),
};
