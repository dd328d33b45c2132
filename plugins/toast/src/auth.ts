import { type AuthCtx, CallError, type Credential, durationOf, tokenAuth, z } from '@valehub/connector-kit';

const reply = z.object({ token: z.object({ accessToken: z.string().min(1), expiresIn: z.number().positive().nullish() }) });

const HOUR_MS = 3_600_000;
/** Toast closes the access of those who log in more than twice an hour. */
const LOGINS_AN_HOUR = 2;

/** When the last log-ins were; kept with the token, so that it outlives the process. */
const loginsOf = (have: Credential | undefined, nowMs: number): number[] =>
  (have?.secrets['logins'] ?? '')
    .split(' ')
    .map((at) => Date.parse(at))
    .filter((at) => nowMs - at < HOUR_MS);

function clientOf({ secrets, settings }: AuthCtx): { readonly clientId: string; readonly clientSecret: string } {
  const { clientId } = settings as { readonly clientId?: unknown };
  const { clientSecret } = secrets;
  if (typeof clientId === 'string' && clientSecret !== undefined) return { clientId, clientSecret };
  throw new CallError({ code: 'BAD_CREDENTIALS', message: 'Client ID and client secret of the Toast API client have not been entered.' });
}

/** Logs in as a machine client. Toast gives the same token until its last minute, so there is nothing to renew before. */
async function obtain(ctx: AuthCtx, have: Credential | undefined): Promise<Credential> {
  const client = clientOf(ctx);
  const nowMs = Date.parse(ctx.now());
  const [oldest, ...later] = loginsOf(have, nowMs);
  if (oldest !== undefined && later.length + 1 >= LOGINS_AN_HOUR)
    throw new CallError({
      code: 'RATE_LIMITED',
      message: 'Toast allows two log-ins an hour, and both were made: the token it gave is refused.',
      wait: durationOf(oldest + HOUR_MS - nowMs),
    });
  const answer = await ctx.tryCall({
    method: 'POST',
    path: '/authentication/v1/authentication/login',
    json: { ...client, userAccessType: 'TOAST_MACHINE_CLIENT' },
    reply,
  });
  if ('failed' in answer) {
    const { code } = answer.failed;
    throw new CallError({ ...answer.failed, code: code === 'BAD_INPUT' || code === 'FORBIDDEN_SCOPE' ? 'BAD_CREDENTIALS' : code });
  }
  const { accessToken, expiresIn } = answer.value.token;
  const logins = [...(oldest === undefined ? [] : [oldest]), ...later, nowMs].map((at) => new Date(at).toISOString());
  return {
    secrets: { token: accessToken, logins: logins.join(' ') },
    ...(expiresIn ? { expiresAt: new Date(nowMs + expiresIn * 1000).toISOString() } : {}),
  };
}

/** Toast wants one token for all restaurants of a client. */
export const auth = tokenAuth({ shared: 'app', obtain });
