import { type AuthChoice, CallError, noAuth, oauth2Code, type Plain, type TokenReply } from '@valehub/connector-kit';
import { codeOfWord } from './failure.ts';
import * as schemas from './schemas.ts';

const SCOPES = ['chat:write', 'chat:write.public', 'channels:read', 'groups:read', 'commands'] as const;

/** Slack refuses with status 200, and calls its token type "bot". */
function reply(body: { readonly [name: string]: Plain }): TokenReply {
  const refused = schemas.refusedAccess.safeParse(body);
  if (refused.success) {
    const word = refused.data.error;
    throw new CallError({ code: codeOfWord(word) ?? 'BAD_CREDENTIALS', message: `Slack refused to give a token: ${word}.` });
  }
  const told = schemas.access.safeParse(body);
  if (!told.success) throw new CallError({ code: 'BAD_REPLY', message: 'The token reply is not in the form that Slack documents.' });
  const { access_token, scope, expires_in, refresh_token } = told.data;
  return {
    access_token,
    token_type: 'bearer',
    scope: scope ?? undefined,
    expires_in: expires_in ?? undefined,
    refresh_token: refresh_token ?? undefined,
  };
}

function facts({ reply: body }: { readonly reply: { readonly [name: string]: Plain } }): Record<string, string> {
  const { bot_user_id: bot, team } = schemas.access.parse(body);
  return { ...(bot ? { bot } : {}), ...(team ? { team: team.id } : {}) };
}

const installed = oauth2Code({
  authorize: { host: 'api', path: '/oauth/v2/authorize', scopes: SCOPES, scopeSeparator: ',', pkce: false },
  token: { host: 'api', path: '/api/oauth.v2.access', clientAuth: 'body' },
  reply,
  facts,
});

/** The secret address wins where it is set; else an app is installed by a person's consent. */
export const auth: readonly AuthChoice[] = [
  { ...noAuth(), whenSet: 'webhookUrl' },
  {
    ...installed,
    async revoke(ctx, { secrets }) {
      const answer = await ctx.tryCall({ path: '/api/auth.revoke', form: { token: secrets['token'] ?? '' }, reply: schemas.revoked });
      // A token that is worth nothing already is what was wanted.
      if ('failed' in answer && answer.failed.code !== 'BAD_CREDENTIALS') throw new CallError(answer.failed);
    },
  },
];
