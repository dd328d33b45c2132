import { type AuthCtx, CallError, tokenAuth, z } from '@valehub/connector-kit';
import { importPKCS8, SignJWT } from 'jose';
import { token } from './schemas.ts';

const SCOPE = 'https://www.googleapis.com/auth/spreadsheets';
/** Whom the assertion is for, wherever it is sent. */
const AUDIENCE = 'https://oauth2.googleapis.com/token';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

const key = z.object({ client_email: z.email(), private_key: z.string().min(1), private_key_id: z.string().min(1).optional() });
type ServiceAccount = z.output<typeof key>;

const unusable = (): CallError =>
  new CallError({
    code: 'BAD_CREDENTIALS',
    message: 'The service account key is not the JSON file that Google gave with it: paste it whole.',
  });

function serviceAccount({ secrets }: AuthCtx): ServiceAccount {
  try {
    return key.parse(JSON.parse(secrets['serviceAccountKey'] ?? ''));
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof z.ZodError) throw unusable();
    throw cause;
  }
}

async function assertion(account: ServiceAccount, nowMs: number): Promise<string> {
  const seconds = Math.floor(nowMs / 1000);
  try {
    const privateKey = await importPKCS8(account.private_key, 'RS256');
    return await new SignJWT({ scope: SCOPE })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(account.private_key_id === undefined ? {} : { kid: account.private_key_id }) })
      .setIssuer(account.client_email)
      .setAudience(AUDIENCE)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + 3600)
      .sign(privateKey);
  } catch {
    // What a library says of a key that it cannot read may hold parts of it.
    throw unusable();
  }
}

/** A service account proves itself by a signed assertion and gets a token for an hour; there is nothing to refresh. */
export const auth = tokenAuth({
  async obtain(ctx) {
    const account = serviceAccount(ctx);
    const nowMs = Date.parse(ctx.now());
    const form = { grant_type: GRANT, assertion: await assertion(account, nowMs) };
    const { access_token, expires_in } = await ctx.call({ host: 'token', path: '/token', form, reply: token });
    return {
      secrets: { token: access_token },
      expiresAt: new Date(nowMs + expires_in * 1000).toISOString(),
      // A person has to share the spreadsheet with this address.
      facts: { serviceAccount: account.client_email },
    };
  },
});
