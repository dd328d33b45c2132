import { CallError } from '@valehub/connector-kit';
import { columnName } from './a1.ts';
import { addColumns, addSheet, readRows, writeHeader } from './client.ts';
import type { Cell, Sheet } from './schemas.ts';
import type { SheetsCtx } from './settings.ts';

const textOf = (cell: Cell | undefined): string => (cell === undefined || cell === null ? '' : String(cell).trim());
const isBlank = (row: readonly Cell[] = []): boolean => row.every((cell) => textOf(cell) === '');

const changed = (title: string, what: string): CallError =>
  new CallError({
    code: 'TARGET_GONE',
    message: `The header of the sheet "${title}" was changed: ${what} The hub writes over nothing: change it back, or have the table written to another sheet.`,
  });

/** Names that the header still lacks, from which column on. Throws where a name is another than the hub's. */
function lacking(
  title: string,
  header: readonly Cell[],
  columns: readonly string[],
): { readonly from: number; readonly names: readonly string[] } {
  const from = columns.findIndex((name, index) => textOf(header[index]) !== name);
  if (from < 0) return { from: columns.length, names: [] };
  const names = columns.slice(from);
  if (isBlank(header.slice(from))) return { from, names };
  throw changed(title, `column ${columnName(from)} is "${textOf(header[from])}", and the hub's is "${columns[from]}".`);
}

/** Google compares the names of sheets without regard to case. */
export const sheetOf = (sheets: readonly Sheet[], title: string): Sheet | undefined =>
  sheets.find((sheet) => sheet.title.toLowerCase() === title.toLowerCase());

/** The sheet, made where it is missing, with the header in its first row. What people have added to the right of it is theirs. */
export async function readySheet(ctx: SheetsCtx, sheets: readonly Sheet[], title: string, columns: readonly string[]): Promise<Sheet> {
  const known = sheetOf(sheets, title);
  const sheet = known ?? (await addSheet(ctx, title, columns.length));
  if (!sheet) throw new CallError({ code: 'BAD_REPLY', message: 'Google made a sheet and does not tell which.' });
  const [header = [], second] = known ? await readRows(ctx, sheet.title, '1:2') : [];
  if (isBlank(header) && !isBlank(second)) throw changed(sheet.title, 'the first row is empty, and rows stand below it.');
  const { from, names } = lacking(sheet.title, header, columns);
  if (names.length === 0) return sheet;
  if (known && sheet.columns < columns.length) await addColumns(ctx, sheet.id, columns.length - sheet.columns);
  await writeHeader(ctx, sheet.title, from, names);
  return sheet;
}
