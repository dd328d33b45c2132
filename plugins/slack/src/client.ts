import { type Failure, type FailureCode, failureOfStatus, type Outcome, type Ref, type Reply, z } from '@valehub/connector-kit';
import type { SlackCtx } from './settings.ts';

/** Slack's one-word answers where they say more than their status. All but invalid_payload, channel_not_found and no_service are UNVERIFIED. */
const BY_WORD: Readonly<Record<string, FailureCode>> = {
  invalid_token: 'BAD_CREDENTIALS',
  no_service: 'TARGET_GONE',
  no_team: 'TARGET_GONE',
  channel_not_found: 'TARGET_GONE',
  channel_is_archived: 'TARGET_GONE',
  rollup_error: 'PLATFORM_DOWN',
};

/** Replies are plain text of one word. */
export function failure(reply: Reply): Failure | undefined {
  const code = failureOfStatus(reply.status);
  const word = reply.text.trim();
  if (code === undefined || !/^[a-z_]{1,60}$/.test(word)) return undefined;
  return { code: BY_WORD[word] ?? code, message: `Slack answered ${reply.status} ${word}.` };
}

/** Slack's three control characters. Unescaped, a text could mention everybody or hide where a link goes. */
export const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** What stands between `<` and `|` of a link: `|` and `>` would end it. */
export const link = (url: string, words: string): string => `<${escaped(url).replaceAll('|', '%7C')}|${escaped(words)}>`;

/** Slack cuts longer texts. */
const LONGEST = 40_000;

/** Posts into the one channel of the address. Slack gives no id back. */
export async function post(ctx: SlackCtx, job: string, text: string): Promise<Outcome<Ref>> {
  const answer = await ctx.tryCall({
    path: '',
    json: { text: text.slice(0, LONGEST), unfurl_links: false, unfurl_media: false },
    read: 'text',
    reply: z.string().trim().pipe(z.literal('ok')),
  });
  return 'failed' in answer ? { job, failed: answer.failed } : { job, done: { id: null } };
}
