import { startGoogleSheets } from '../../../plugins/google-sheets/test/stand-in.ts';
import type { Platform } from './platform.ts';

const SHEET = 'Canjes';

export const googleSheets: Platform = {
  id: 'google-sheets',
  title: 'Google Sheets',
  async start() {
    const spreadsheet = await startGoogleSheets();
    return {
      url: spreadsheet.url,
      settings: { ...spreadsheet.settings, numberColumns: ['amount'] },
      receives: {
        verb: 'rows.append',
        words: ['row', 'rows'],
        by: {
          events: ['VOUCHER_REDEEMED', 'REDEMPTION_REVERSED'],
          settings: { table: SHEET, columns: ['event', 'type', 'store', 'campaign', 'code', 'amount', 'currency', 'order'] },
        },
        isDue: ({ type }) => type === 'VOUCHER_REDEEMED' || type === 'REDEMPTION_REVERSED',
        // The first row names the columns.
        arrived: () => Math.max(0, (spreadsheet.rows(SHEET)?.length ?? 0) - 1),
      },
      answer: async () => [`A row of the sheet ${SHEET}: ${spreadsheet.rows(SHEET)?.at(-1)?.slice(1).join(', ')}`],
      close: spreadsheet.close,
    };
  },
};
