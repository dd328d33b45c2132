import { type JsonBody, type Outcome, type Ref, z } from '@valehub/connector-kit';
import * as schemas from './schemas.ts';
import { postsByAddress, type SlackCtx } from './settings.ts';
import { cut } from './text.ts';

/** Slack cuts longer texts. */
const LONGEST = 40_000;

/** One message. `blocks` left out: the text is all of it. */
export interface Body {
  readonly text: string;
  readonly blocks?: readonly JsonBody[];
}

const contents = ({ text, blocks }: Body) => ({ text: cut(text, LONGEST), ...(blocks ? { blocks } : {}) });
const fresh = (body: Body) => ({ ...contents(body), unfurl_links: false, unfurl_media: false });
/** Nothing that stands in a text is made a mention or a link of. For updates Slack would do that where nothing is said. */
const LITERAL = { parse: 'none', link_names: false };

/** Posts into the one channel of the address. Slack gives no id back. */
async function postByAddress(ctx: SlackCtx, job: string, body: Body): Promise<Outcome<Ref>> {
  const answer = await ctx.tryCall({
    host: 'hook',
    path: '',
    json: fresh(body),
    read: 'text',
    reply: z.string().trim().pipe(z.literal('ok')),
    target: 'webhook',
  });
  return 'failed' in answer ? { job, failed: answer.failed } : { job, done: { id: null } };
}

async function postByApp(ctx: SlackCtx, job: string, body: Body, channel: string): Promise<Outcome<Ref>> {
  const answer = await ctx.tryCall({
    path: '/api/chat.postMessage',
    json: { channel, ...fresh(body), ...LITERAL },
    reply: schemas.posted,
    target: channel,
  });
  if ('failed' in answer) return { job, failed: answer.failed };
  return { job, done: { id: `${answer.value.channel}/${answer.value.ts}` } };
}

/** Posts where the connection posts, or into another channel where an app is installed. */
export async function post(ctx: SlackCtx, job: string, body: Body, channel = ctx.settings.channel): Promise<Outcome<Ref>> {
  if (postsByAddress(ctx)) return postByAddress(ctx, job, body);
  if (channel !== undefined) return postByApp(ctx, job, body, channel);
  return { job, failed: { code: 'TARGET_GONE', path: 'channel', message: 'No channel has been chosen for this connection.' } };
}

/** Replaces a message by the address that came with a press of its button; good for half an hour and five times. */
export const replaceByAddress = (ctx: SlackCtx, address: string, body: Body) =>
  ctx.tryCall({
    host: 'responses',
    as: 'nobody',
    path: address,
    json: { replace_original: true, ...contents(body) },
    read: 'text',
    reply: schemas.taken,
  });

/** Replaces a message that the app has posted, by the id that posting gave: `C0123/1700000000.000100`. */
export function replaceById(ctx: SlackCtx, id: string, body: Body) {
  const [channel = '', ts = ''] = id.split('/');
  return ctx.tryCall({
    path: '/api/chat.update',
    json: { channel, ts, ...contents(body), ...LITERAL },
    reply: schemas.posted,
    target: channel,
  });
}
