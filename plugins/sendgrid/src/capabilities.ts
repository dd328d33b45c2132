import type { Capabilities } from '@valehub/connector-kit';
import { scopesOf } from './client.ts';
import type { SendGridCtx } from './settings.ts';

/** It carries vouchers to people and knows nothing of them; what is left out is not possible. */
export const capabilities: Capabilities = {
  'message.send': 'ENFORCED',
  'message.status': { approximated: 'an opening is seen only where pictures are shown, and programs open mails too' },
  'customer.write': { approximated: 'by e-mail address only, and some minutes later' },
  'customer.read': 'NOT_POSSIBLE',
  'event.push': 'NOT_POSSIBLE',
  'alert.send': 'NOT_POSSIBLE',
  'codes.usage': 'NOT_POSSIBLE',
  'lifecycle.publish': 'NOT_POSSIBLE',
  'lifecycle.update': 'NOT_POSSIBLE',
  'lifecycle.withdraw': 'NOT_POSSIBLE',
  'lifecycle.redeem': 'NOT_POSSIBLE',
  'lifecycle.reverse': 'NOT_POSSIBLE',
  'orders.apply': 'NOT_POSSIBLE',
  'document.post': 'NOT_POSSIBLE',
  'journal.post': 'NOT_POSSIBLE',
  'row.append': 'NOT_POSSIBLE',
};

/** Marketing contacts are kept in the United States only. */
export const hasContacts = ({ settings: { apiHost } }: SendGridCtx): boolean => apiHost === 'api.sendgrid.com';

/** UNVERIFIED: which of its marketing scopes SendGrid wants for contacts; a key without any of them may write none. */
export async function narrow(ctx: SendGridCtx): Promise<Capabilities> {
  const scopes = await scopesOf(ctx);
  const mayMarket = scopes === undefined || scopes.some((scope) => scope.startsWith('marketing'));
  return {
    ...(scopes === undefined || scopes.includes('mail.send') ? {} : { 'message.send': 'NOT_POSSIBLE', 'message.status': 'NOT_POSSIBLE' }),
    ...(mayMarket && hasContacts(ctx) ? {} : { 'customer.write': 'NOT_POSSIBLE' }),
  };
}
