import { CallError, type Choice, type Identity } from '@valehub/connector-kit';
import { getSheets, getSpreadsheet } from './client.ts';
import type { SheetsCtx } from './settings.ts';

/** The account is the spreadsheet: what the connection may see of Google is that and nothing else. */
export async function identify(ctx: SheetsCtx): Promise<Identity> {
  const { serviceAccount } = ctx.facts;
  try {
    const { spreadsheetId, properties } = await getSpreadsheet(ctx);
    return { account: spreadsheetId, name: properties.title || spreadsheetId };
  } catch (cause) {
    if (!(cause instanceof CallError) || cause.failure.code !== 'FORBIDDEN_SCOPE' || serviceAccount === undefined) throw cause;
    throw new CallError({ ...cause.failure, message: `${cause.failure.message} Its address is ${serviceAccount}.` });
  }
}

export const sheets = async (ctx: SheetsCtx): Promise<readonly Choice[]> =>
  (await getSheets(ctx)).map(({ title }) => ({ value: title, label: title }));
