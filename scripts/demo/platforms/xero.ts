import { startXero } from '../../../plugins/xero/test/stand-in.ts';
import type { Platform } from './platform.ts';

/** Vouchers that were used lower what the house owes; what they took off is a cost of selling. */
const lines = [
  {
    account: 'DISCOUNT',
    description: 'Voucher {{ voucher.code }} in {{ store.name }}',
    amount: { minor: '{{ event.amount.minor }}', currency: '{{ event.amount.currency }}' },
  },
  {
    account: 'VOUCHER_LIABILITY',
    description: 'Voucher {{ voucher.code }} used',
    amount: { minor: '{{ -event.amount.minor }}', currency: '{{ event.amount.currency }}' },
  },
];

export const xero: Platform = {
  id: 'xero',
  title: 'Xero',
  async start() {
    const organisation = await startXero();
    return {
      url: organisation.url,
      settings: { ...organisation.settings, customConnection: true, discountAccount: '210', liabilityAccount: '835' },
      receives: {
        verb: 'journal.post',
        words: ['journal', 'journals'],
        by: {
          workflow: (connectionId) => ({
            name: 'Book each voucher',
            trigger: { on: 'VOUCHER_REDEEMED' },
            // Xero keeps journals in the organisation's own currency.
            filter: 'event.amount != null && event.amount.currency == "EUR"',
            steps: [
              {
                id: 'book',
                call: {
                  connectionId,
                  action: 'journal.post',
                  input: {
                    reference: '{{ event.redemptionId }}',
                    narration: 'Voucher {{ voucher.code }}',
                    day: '{{ event.businessDay }}',
                    currency: '{{ event.amount.currency }}',
                    lines,
                  },
                },
              },
            ],
          }),
        },
        isDue: ({ type, amount }) => type === 'VOUCHER_REDEEMED' && amount?.currency === 'EUR',
        arrived: () => organisation.books().shelves.ManualJournals.entries.size,
      },
      async answer() {
        const [journal] = [...organisation.books().shelves.ManualJournals.entries.values()];
        return [`A journal in its books: ${String(journal?.body['Narration'])}`];
      },
      close: organisation.close,
    };
  },
};
