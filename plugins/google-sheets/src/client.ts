import { type JsonBody, path } from '@valehub/connector-kit';
import { columnName, placeIn } from './a1.ts';
import * as schemas from './schemas.ts';
import type { SheetsCtx } from './settings.ts';

const at = ({ settings }: SheetsCtx): string => path`/v4/spreadsheets/${settings.spreadsheetId}`;

export const getSpreadsheet = (ctx: SheetsCtx) =>
  ctx.call({ path: at(ctx), query: { fields: 'spreadsheetId,properties(title,locale,timeZone)' }, reply: schemas.spreadsheet });

export const getSheets = async (ctx: SheetsCtx): Promise<readonly schemas.Sheet[]> =>
  (
    await ctx.call({
      path: at(ctx),
      query: { fields: 'sheets.properties(sheetId,title,gridProperties(rowCount,columnCount))' },
      reply: schemas.sheets,
    })
  ).sheets;

/** Numbers as they are kept, not as they are shown. */
export const readRows = async (ctx: SheetsCtx, title: string, cells: string): Promise<readonly (readonly schemas.Cell[])[]> =>
  (
    await ctx.call({
      path: `${at(ctx)}${path`/values/${placeIn(title, cells)}`}`,
      query: { valueRenderOption: 'UNFORMATTED_VALUE', majorDimension: 'ROWS' },
      reply: schemas.valueRange,
    })
  ).values;

const batchUpdate = (ctx: SheetsCtx, request: JsonBody) =>
  ctx.call({ path: `${at(ctx)}:batchUpdate`, json: { requests: [request] }, reply: schemas.added });

export async function addSheet(ctx: SheetsCtx, title: string, columns: number): Promise<schemas.Sheet | undefined> {
  const gridProperties = { rowCount: 1000, columnCount: Math.max(26, columns), frozenRowCount: 1 };
  const { replies } = await batchUpdate(ctx, { addSheet: { properties: { title, gridProperties } } });
  return replies[0]?.addSheet;
}

export const addColumns = (ctx: SheetsCtx, sheetId: number, length: number) =>
  batchUpdate(ctx, { appendDimension: { sheetId, dimension: 'COLUMNS', length } });

/** `from`: the column that the first of the names goes to, counted from 0. */
export async function writeHeader(ctx: SheetsCtx, title: string, from: number, names: readonly string[]): Promise<void> {
  const cells = placeIn(title, `${columnName(from)}1:${columnName(from + names.length - 1)}1`);
  await ctx.call({
    method: 'PUT',
    path: `${at(ctx)}${path`/values/${cells}`}`,
    query: { valueInputOption: 'RAW' },
    json: { range: cells, majorDimension: 'ROWS', values: [names] },
    reply: schemas.updated,
  });
}

/** Many rows take Google longer than a usual call. */
const APPEND_MS = 45_000;

/**
 * Behind the last row of the table that the header begins: a place elsewhere could find another table, beside or below it. RAW keeps
 * text as it is, so that nothing becomes a formula, a date or a number; INSERT_ROWS writes over nothing.
 */
export const appendRows = (ctx: SheetsCtx, title: string, rows: readonly (readonly JsonBody[])[]) =>
  ctx.tryCall({
    path: `${at(ctx)}${path`/values/${placeIn(title, 'A1')}`}:append`,
    query: { valueInputOption: 'RAW', insertDataOption: 'INSERT_ROWS' },
    json: { majorDimension: 'ROWS', values: rows },
    reply: schemas.appended.refine(({ updates }) => updates.updatedRows === rows.length, 'as many rows as were sent'),
    deadlineMs: APPEND_MS,
  });
