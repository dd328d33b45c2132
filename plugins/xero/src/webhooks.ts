import { CallError, type Delivery, type Fact, type Notice, timeKit, type Webhooks, z } from '@valehub/connector-kit';
import { readEntry } from './client.ts';
import { readContacts } from './contacts.ts';
import { factsOf } from './fetch.ts';
import * as schemas from './schemas.ts';
import type { settings, XeroCtx } from './settings.ts';

const RESOURCES = { INVOICE: 'document', CREDITNOTE: 'document', CONTACT: 'customer' } as const;
type Category = keyof typeof RESOURCES;
const CATEGORIES = Object.keys(RESOURCES) as Category[];

const manual = `In Xero's developer portal open your app, then **Webhooks**.
1. Enter the webhook address as *Delivery URL* and choose *Invoices*, *Credit Notes* and *Contacts*.
2. Save, copy the **Webhooks key** and enter it here (or at the App, where it is shared).
3. Press **Send 'Intent to receive'**. Xero sends several empty deliveries, some of them wrongly signed on purpose, and switches the webhook on when each was answered as it should be.

Manual journals have no webhook: the hub reads them every half hour.`;

/** Xero writes UTC without saying so. */
const instant = (text: string): string => (/(Z|[+-]\d\d:?\d\d)$/.test(text) ? timeKit.offset(text) : timeKit.utc(text));

/** Many events of many organisations in one body; none is how Xero tries the address. An event says only what has changed. */
function split(delivery: Delivery): readonly Notice[] {
  return schemas.delivery.parse(delivery.body).events.map((event): Notice => {
    const { eventCategory: category, eventType: type, resourceId: id, tenantId: account } = event;
    const at = instant(event.eventDateUtc);
    const resource = Object.hasOwn(RESOURCES, category) ? RESOURCES[category as Category] : undefined;
    return {
      account,
      topic: `${category}.${type}`,
      ...(resource === undefined ? {} : { resource: [resource, id] }),
      at,
      body: { category, id },
      repeat: { key: `${account}/${category}/${id}/${type}/${at}` },
    };
  });
}

const kept = z.object({ category: z.enum(['INVOICE', 'CREDITNOTE', 'CONTACT']), id: z.string() });

async function read(ctx: XeroCtx, notice: Notice): Promise<readonly Fact[]> {
  const { category, id } = kept.parse(notice.body);
  if (category === 'CONTACT') return readContacts(ctx, [id]);
  const entry = await readEntry(ctx, category === 'INVOICE' ? 'INVOICE' : 'CREDIT_NOTE', id);
  // Xero deletes no document that it has told of; it marks it. So what is not there is not there yet.
  if (!entry) throw new CallError({ code: 'NOT_FOUND', message: `Xero does not know the document ${id}.` });
  return factsOf(ctx, [entry]);
}

export const webhooks: Webhooks<typeof settings> = {
  body: ['json'],
  // No time is signed, so a repeat is known by the event alone.
  verify: {
    by: 'hmac',
    hash: 'sha256',
    key: { secret: 'webhookKey' },
    signed: ['body'],
    signature: { header: 'x-xero-signature' },
    encoding: 'base64',
  },
  topics: CATEGORIES.flatMap((category) => [`${category}.CREATE`, `${category}.UPDATE`]),
  split,
  read,
  subscriptions: { manual },
};
