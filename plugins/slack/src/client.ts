import { CallError, type Choice, type Identity } from '@valehub/connector-kit';
import * as schemas from './schemas.ts';
import type { SlackCtx } from './settings.ts';

/** Whose the token is. Its rights stand in a header of the reply (UNVERIFIED, so nothing follows from one that is not there). */
export async function getIdentity(ctx: SlackCtx): Promise<Identity> {
  const answer = await ctx.tryCall({ path: '/api/auth.test', reply: schemas.identity });
  if ('failed' in answer) throw new CallError(answer.failed);
  const scopes = answer.headers['x-oauth-scopes']?.split(',').map((scope) => scope.trim());
  const { team_id: account, team, user_id: bot } = answer.value;
  return { account, name: team, facts: { bot }, ...(scopes ? { scopes } : {}) };
}

/** The most that Slack gives; each page costs a second. */
const PAGE = '999';
/** More than anybody can choose from. */
const MOST_CHANNELS = 10_000;

export async function listChannels(ctx: SlackCtx): Promise<readonly Choice[]> {
  const found: Choice[] = [];
  for (let cursor = ''; ; ) {
    const page = await ctx.call({
      path: '/api/conversations.list',
      query: { types: 'public_channel,private_channel', exclude_archived: 'true', limit: PAGE, ...(cursor === '' ? {} : { cursor }) },
      reply: schemas.channelPage,
    });
    found.push(...page.channels.map(({ id, name, is_private: hidden }) => ({ value: id, label: `#${name}${hidden ? ' (private)' : ''}` })));
    cursor = page.response_metadata?.next_cursor ?? '';
    if (cursor === '' || found.length >= MOST_CHANNELS) return found.slice(0, MOST_CHANNELS);
  }
}
