import { type AuthCtx, CallError, type Credential, type Ctx, type Failure, type Plain } from '@valehub/connector-kit';
import { createAuthCtx, createCtx, createTransport, parseSettings, runAccept, runObtain } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';

export interface ConnectionOptions {
  readonly settings: Readonly<Record<string, Plain>>;
  readonly account?: string;
  readonly facts?: Readonly<Record<string, string>>;
  readonly now?: () => number;
  readonly deadlineMs?: number;
}

/** A connection as the hub keeps one: it logs in, keeps the newest pair, and renews before a call where the token has run out. */
export function connect(options: ConnectionOptions) {
  const result = parseSettings(connector, options.settings);
  if (!result.ok) throw new Error(`the settings are refused: ${JSON.stringify(result.faults)}`);
  const { settings, secrets } = result.parsed;
  const transport = createTransport({ allowPrivateHosts: true });
  const now = options.now ?? Date.now;
  let credential: Credential | null = null;
  let facts = options.facts ?? {};
  let account = options.account;
  let renewals = 0;
  const given = () => ({
    connector,
    settings,
    secrets,
    ...(account === undefined ? {} : { account }),
    facts,
    store: () => ({ storeId: 'store-1', currency: 'EUR', zone: 'Europe/Madrid' }),
    transport,
    now,
    deadlineMs: options.deadlineMs ?? 20_000,
  });
  const settled = (ran: { ok: true; value: Credential } | { ok: false; failure: Failure }): Credential => {
    if (!ran.ok) throw new CallError(ran.failure);
    return ran.value;
  };
  return {
    async accept(query: Readonly<Record<string, string>>): Promise<Credential> {
      const callback = { query, redirectUri: 'https://hub.example.com/oauth/callback', codeVerifier: 'v'.repeat(43) };
      credential = settled(await runAccept(connector, createAuthCtx(given()), callback));
      return credential;
    },
    know(identity: { readonly account: string; readonly facts?: Readonly<Record<string, string>> }): void {
      account = identity.account;
      facts = identity.facts ?? {};
    },
    authCtx: (): AuthCtx => createAuthCtx(given()),
    ctx: (): Ctx =>
      createCtx({
        ...given(),
        credentials: {
          current: () => credential,
          async renew() {
            renewals += 1;
            credential = settled(await runObtain(connector, createAuthCtx(given()), credential ?? undefined));
            return credential;
          },
        },
      }),
    renewals: () => renewals,
    close: () => transport.close(),
  };
}
