import { type AuthChoice, clientCredentials, oauth2Code, type TokenEndpoint } from '@valehub/connector-kit';

/** Apps made since 2 March 2026 know only these; the broad `accounting.transactions` ends on 13 September 2027. */
const SCOPES = ['accounting.invoices', 'accounting.manualjournals', 'accounting.contacts', 'accounting.settings.read'] as const;

/** Id and secret stand percent-encoded in the header, as the standard has it and Xero's identity server reads them. UNVERIFIED for secrets with `-` and `_`. */
const token: TokenEndpoint = { host: 'identity', path: '/connect/token', clientAuth: 'basic' };

export const auth: readonly AuthChoice[] = [
  { ...clientCredentials({ token, scopes: SCOPES }), whenSet: 'customConnection' },
  oauth2Code({
    token,
    authorize: { host: 'login', path: '/identity/connect/authorize', scopes: ['offline_access', ...SCOPES], pkce: true },
    revoke: { host: 'identity', path: '/connect/revocation' },
    idleLife: 'P60D',
    // What the person granted, which may be less than was asked for.
    facts: ({ reply }) => (typeof reply['scope'] === 'string' ? { scopes: reply['scope'] } : {}),
  }),
];
