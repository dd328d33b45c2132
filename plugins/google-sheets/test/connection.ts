import { CallError, type Credential, type Ctx, type Failure, type Plain } from '@valehub/connector-kit';
import { createAuthCtx, createCtx, createTransport, parseSettings, runObtain } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';

export interface ConnectionOptions {
  readonly settings: Readonly<Record<string, Plain>>;
  readonly now?: () => number;
  readonly deadlineMs?: number;
}

/** A connection as the hub keeps one: it logs in before the first call and when the token has run out. */
export function connect(options: ConnectionOptions) {
  const result = parseSettings(connector, options.settings);
  if (!result.ok) throw new Error(`the settings are refused: ${JSON.stringify(result.faults)}`);
  const { settings, secrets } = result.parsed;
  const transport = createTransport({ allowPrivateHosts: true });
  const now = options.now ?? Date.now;
  const given = { connector, settings, secrets, store: () => undefined, transport, now, deadlineMs: options.deadlineMs ?? 20_000 };
  let credential: Credential | null = null;
  let renewals = 0;
  const settled = (ran: { ok: true; value: Credential } | { ok: false; failure: Failure }): Credential => {
    if (!ran.ok) throw new CallError(ran.failure);
    return ran.value;
  };
  const renew = async (): Promise<Credential> => {
    renewals += 1;
    credential = settled(await runObtain(connector, createAuthCtx(given), credential ?? undefined));
    return credential;
  };
  return {
    logIn: renew,
    ctx: (): Ctx => createCtx({ ...given, credentials: { current: () => credential, renew } }),
    renewals: () => renewals,
    close: () => transport.close(),
  };
}
