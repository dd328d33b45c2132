import { CallError, exactNumber, type HubCustomer, path } from '@valehub/connector-kit';
import { failureOf } from './batch.ts';
import { API_VERSION } from './client.ts';
import * as schemas from './schemas.ts';
import type { HubSpotCtx } from './settings.ts';

/** Writes a consent to e-mail, where the connection says which subscription stands for it. HubSpot refuses to subscribe those who unsubscribed from everything. */
export async function writeConsent(ctx: HubSpotCtx, { email, consents }: HubCustomer): Promise<void> {
  const { emailSubscription } = ctx.settings;
  if (emailSubscription === undefined || email === undefined || consents?.email === undefined) return;
  const { errors } = await ctx.call({
    path: `/communication-preferences/${API_VERSION}/statuses${path`/${email}`}`,
    json: {
      channel: 'EMAIL',
      subscriptionId: exactNumber(emailSubscription),
      statusState: consents.email ? 'SUBSCRIBED' : 'UNSUBSCRIBED',
      ...(consents.email ? { legalBasis: 'CONSENT_WITH_NOTICE', legalBasisExplanation: 'Given to the restaurant, kept by Valehub' } : {}),
    },
    reply: schemas.errorsOnly,
    cost: 0,
  });
  const [error] = errors;
  if (error) throw new CallError(failureOf(error));
}
