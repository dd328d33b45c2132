import { type Failure, path, z } from '@valehub/connector-kit';
import { ask } from './client.ts';
import type { SendGridCtx } from './settings.ts';

/** Whether a person agrees to e-mail, as the hub knows it. */
export interface Consent {
  readonly email: string;
  readonly given: boolean;
}

async function withdraw(ctx: SendGridCtx, emails: readonly string[]): Promise<Failure | undefined> {
  const { unsubscribeGroup } = ctx.settings;
  const answer = await ask(ctx, 'account', {
    path: unsubscribeGroup === undefined ? '/v3/asm/suppressions/global' : path`/v3/asm/groups/${unsubscribeGroup}/suppressions`,
    json: { recipient_emails: emails },
    read: 'none',
    reply: z.null(),
  });
  return 'failed' in answer ? answer.failed : undefined;
}

async function restore(ctx: SendGridCtx, group: string, email: string): Promise<Failure | undefined> {
  const answer = await ask(ctx, 'account', {
    method: 'DELETE',
    path: path`/v3/asm/groups/${group}/suppressions/${email}`,
    read: 'none',
    reply: z.null(),
  });
  return 'failed' in answer && answer.failed.code !== 'NOT_FOUND' ? answer.failed : undefined;
}

/**
 * Tells SendGrid who agrees and who does not; gives the addresses for which that failed. Without an unsubscribe group a withdrawal holds for
 * all mail of the account, and is lifted by nobody here: others may have asked for it.
 */
export async function writeConsents(ctx: SendGridCtx, consents: readonly Consent[]): Promise<ReadonlyMap<string, Failure>> {
  const { unsubscribeGroup } = ctx.settings;
  const failed = new Map<string, Failure>();
  const withdrawn = consents.filter(({ given }) => !given).map(({ email }) => email);
  const why = withdrawn.length > 0 ? await withdraw(ctx, withdrawn) : undefined;
  if (why) for (const email of withdrawn) failed.set(email, why);
  if (unsubscribeGroup === undefined) return failed;
  for (const { email } of consents.filter(({ given }) => given)) {
    const fault = await restore(ctx, unsubscribeGroup, email);
    if (fault) failed.set(email, fault);
  }
  return failed;
}
