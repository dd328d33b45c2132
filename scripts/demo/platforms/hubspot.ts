import { startHubSpot } from '../../../plugins/hubspot/test/stand-in.ts';
import { until } from '../wait.ts';
import type { Connection, Platform, Scene } from './platform.ts';

const BUD = { email: 'bud@example.com', firstname: 'Bud', lastname: 'Bauer' };

export const hubspot: Platform = {
  id: 'hubspot',
  title: 'HubSpot',
  async start() {
    const account = await startHubSpot({ currencies: ['USD'] });
    let webhookUrl = '';
    const reversed = () => account.deals().filter(({ voucher_status: status }) => status === 'REVERSED');
    return {
      url: account.url,
      settings: account.settings,
      connected(connection: Connection) {
        webhookUrl = connection.webhookUrl;
      },
      receives: {
        verb: 'events.push',
        words: ['entry', 'entries'],
        by: { events: ['VOUCHER_REDEEMED', 'REDEMPTION_REVERSED'] },
        // A redemption and what is taken back of it are one deal.
        isDue: ({ type }) => type === 'VOUCHER_REDEEMED' || type === 'REDEMPTION_REVERSED',
        arrived: () => account.deals().length + reversed().length,
      },
      async answer({ hub }: Scene) {
        const contact = account.contacts().find(({ email }) => email !== undefined);
        account.addContact(BUD);
        await account.deliver({ url: webhookUrl });
        const name = await until('the contact that was made at HubSpot', async () => {
          const { customer } = await hub.ask<{ customer: { name: string } | null }>(
            'query ($email: String!) { customer(email: $email) { name } }',
            {
              email: BUD.email,
            },
          );
          return customer?.name;
        });
        return [
          `${account.deals().length} redemptions are deals there, ${reversed().length} of them lost again.`,
          ...(contact ? [`The guest of the counter is a contact there, with ${account.associations.size} deal.`] : []),
          `Somebody there makes a contact; the hub has a customer ${name}.`,
        ];
      },
      close: account.close,
    };
  },
};
