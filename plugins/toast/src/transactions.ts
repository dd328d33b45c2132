import type { About, Delivery, Desk, Plain, Question, VerificationChoice } from '@valehub/connector-kit';
import type { settings, ToastCtx } from './settings.ts';

export type DeskCtx = ToastCtx & { readonly desk: Desk };

/** What all of Toast's questions say in their headers. */
export interface Transaction {
  readonly guid: string;
  readonly type: string;
  readonly location: string | undefined;
}

export const transactionOf = ({ headers }: Delivery): Transaction => ({
  guid: headers['toast-transaction-guid'] ?? '',
  type: headers['toast-transaction-type'] ?? '',
  location: headers['toast-restaurant-external-id'],
});

/** A transaction is the same again by its GUID and the account; without a GUID only the very same body is. */
export function aboutOf(delivery: Delivery, account: string | null | undefined): About {
  const { guid, type, location } = transactionOf(delivery);
  const repeatKey = guid === '' ? `body ${delivery.bodyHash}` : `${type} ${guid} ${account ?? ''}`;
  return { ...(location ? { location } : {}), repeatKey: repeatKey.slice(0, 500) };
}

/**
 * Toast proves itself by the key that we gave it. Where there is none it may still be the older way: a token in the same header, signed
 * by the key that Toast publishes for its environment. `clientSecret` is set in every connection, so it is the last resort.
 */
const verify: readonly VerificationChoice[] = [
  { by: 'token', at: { header: 'authorization' }, key: { secret: 'outboundApiKey' }, whenSet: 'outboundApiKey' },
  {
    by: 'jwt',
    token: { header: 'authorization' },
    algorithms: ['RS256'],
    key: { jwks: { host: 'api', path: '/usermgmt/v1/oauth/token_key', pem: 'value' } },
    whenSet: 'clientSecret',
  },
];

/** What both questions have in common. Toast waits five seconds. */
export const common: Pick<Question<typeof settings>, 'verify' | 'within' | 'statusMember'> = {
  verify,
  within: 'PT4S',
  statusMember: 'httpStatus',
};

export const accept = (more: { readonly [name: string]: Plain } = {}): Plain => ({ httpStatus: 200, transactionStatus: 'ACCEPT', ...more });

export const refuse = (transactionStatus: string, httpStatus = 400): Plain => ({ httpStatus, transactionStatus });
