import { startSendGrid } from '../../../plugins/sendgrid/test/stand-in.ts';
import { until } from '../wait.ts';
import type { Platform, Scene } from './platform.ts';

export const sendgrid: Platform = {
  id: 'sendgrid',
  title: 'SendGrid',
  async start() {
    const account = await startSendGrid();
    return {
      url: account.url,
      settings: { ...account.settings, environment: 'production', eventWebhook: 'BY_HUB' },
      receives: {
        verb: 'messages.send',
        words: ['mail', 'mails'],
        by: {
          workflow: (connectionId) => ({
            name: 'Thank the guest',
            trigger: { on: 'VOUCHER_REDEEMED' },
            filter: 'customer != null && customer.email != null',
            steps: [
              {
                id: 'tell',
                deliver: {
                  to: 'customer.email',
                  subject: 'Gracias',
                  text: 'Su vale {{ voucher.code }} ha valido {{ string(event.amount.minor) }} céntimos.',
                  channels: [{ connectionId, channel: 'EMAIL' }],
                },
              },
            ],
          }),
        },
        isDue: ({ type, customerId }) => type === 'VOUCHER_REDEEMED' && customerId !== null,
        arrived: () => account.mails.length,
      },
      async answer({ ledger }: Scene) {
        const [mail] = account.mails;
        if (!mail) return [];
        for (const event of ['delivered', 'open']) account.happen(event, mail);
        await until('the event webhook that the hub sets up', () => account.deliver());
        // Two custom events of this message: that it was delivered, and that it was opened.
        await until('the word of SendGrid on the mail', () => {
          const told = ledger.filter(({ type, data }) => type === 'CUSTOM' && data['job'] === mail.job);
          return told.length === 2 ? told : undefined;
        });
        return [`A mail says: ${mail.text}`, 'It is delivered and opened; the hub knows.'];
      },
      close: account.close,
    };
  },
};
