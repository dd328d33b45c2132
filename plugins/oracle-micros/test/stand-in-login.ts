import { createHash } from 'node:crypto';
import { type PlatformReply, type PlatformRequest, type Route, tokenDesk } from '@valehub/connector-kit/testing';

export interface ApiAccount {
  readonly clientId: string;
  readonly username: string;
  readonly password: string;
}

const OIDC = '/oidc-provider/v1/oauth2';

/** An OpenID provider for API accounts: PKCE, a session in a cookie, passwords that expire, and a desk of tokens for each client. */
export function openIdProvider(organization: string, accounts: readonly ApiAccount[], lifeMs: number, now: () => number) {
  const desks = new Map(accounts.map(({ clientId }) => [clientId, tokenDesk({ lifeMs, now, name: clientId })]));
  const sessions = new Map<string, { readonly clientId: string; readonly challenge: string }>();
  const codes = new Map<string, { readonly clientId: string; readonly challenge: string }>();
  const expired = new Set<string>();
  let count = 0;

  function authorize({ query }: PlatformRequest): PlatformReply {
    const clientId = query.get('client_id') ?? '';
    if (!desks.has(clientId) || query.get('code_challenge_method') !== 'S256')
      return { status: 400, body: { error: 'invalid_client', details: 'There is no such client.' } };
    count += 1;
    sessions.set(`session-${count}`, { clientId, challenge: query.get('code_challenge') ?? '' });
    return { status: 302, headers: { location: '/oidc-ui/signin', 'set-cookie': `sid=session-${count}; Path=/; Secure; HttpOnly` } };
  }

  function signIn(request: PlatformRequest): PlatformReply {
    const session = sessions.get(/sid=([^;]+)/.exec(request.headers['cookie'] ?? '')?.[1] ?? '');
    const form = request.form();
    const account = accounts.find(({ username }) => username === form.get('username'));
    if (!session) return { status: 400, body: { title: 'There is no session.' } };
    if (form.get('orgname') !== organization || account?.password !== form.get('password'))
      return { status: 401, body: { success: false, nextOp: 'signin', details: 'The user name or password is wrong.' } };
    if (expired.has(account.username)) return { status: 401, body: { success: false, nextOp: 'expired' } };
    count += 1;
    codes.set(`code-${count}`, session);
    return { body: { success: true, nextOp: 'redirect', redirectUrl: `apiaccount://callback?code=code-${count}` } };
  }

  function token(request: PlatformRequest): PlatformReply {
    const form = request.form();
    const desk = desks.get(form.get('client_id') ?? '');
    const code = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const mayHave = code?.clientId === form.get('client_id') && code?.challenge === challenge;
    const pair = form.get('grant_type') === 'refresh_token' ? desk?.renew(form.get('refresh_token') ?? '') : mayHave && desk?.give();
    if (!pair) return { status: 400, body: { error: 'invalid_grant' } };
    const { access, refresh, seconds } = pair;
    return { body: { id_token: access, access_token: `${access}-of-another-kind`, refresh_token: refresh, expires_in: String(seconds) } };
  }

  const routes: readonly Route[] = [
    { at: `GET ${OIDC}/authorize`, open: true, handle: authorize },
    { at: `POST ${OIDC}/signin`, open: true, handle: signIn },
    { at: `POST ${OIDC}/token`, open: true, handle: token },
  ];
  return {
    routes,
    expirePassword: (username: string): void => void expired.add(username),
    revokeAll(): void {
      for (const desk of desks.values()) desk.revokeAll();
    },
    isGood: (clientId: string, authorization: string | undefined): boolean =>
      desks.get(clientId)?.isGood(authorization?.replace(/^Bearer /, '')) ?? false,
  };
}
