import { instantText, z } from '@valehub/connector-kit';

export const token = z.object({ access_token: z.string().min(1), expires_in: z.int().positive() });

const sheet = z
  .object({
    properties: z.object({
      sheetId: z.int().nonnegative(),
      title: z.string(),
      gridProperties: z.object({ rowCount: z.int().nonnegative(), columnCount: z.int().nonnegative() }).optional(),
    }),
  })
  .transform(({ properties: { sheetId, title, gridProperties } }) => ({
    id: sheetId,
    title,
    rows: gridProperties?.rowCount ?? 0,
    columns: gridProperties?.columnCount ?? 0,
  }));
export type Sheet = z.output<typeof sheet>;

export const spreadsheet = z.object({
  spreadsheetId: z.string().min(1).max(255),
  properties: z.object({ title: z.string(), locale: z.string().optional(), timeZone: z.string().optional() }),
});
export const sheets = z.object({ sheets: z.array(sheet).default([]) });
export const added = z.object({ replies: z.array(z.object({ addSheet: sheet.optional() })).default([]) });

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
/** Empty rows and cells at the end are left out, `values` too where there are none at all. */
export const valueRange = z.object({ values: z.array(z.array(cell)).default([]) });
export type Cell = z.output<typeof cell>;

export const updated = z.object({ updatedRange: z.string() });
export const appended = z.object({ updates: z.object({ updatedRange: z.string(), updatedRows: z.int() }) });

/** The API's refusals, and those of the log-in. */
export const refusal = z.union([
  z.object({ error: z.object({ status: z.string().optional(), message: z.string().default('') }) }).transform(({ error }) => error),
  z
    .object({ error: z.string(), error_description: z.string().optional() })
    .transform(({ error, error_description: words }) => ({ status: error, message: words ?? '' })),
]);

/** What the script of this package tells of one row. */
export const event = z.object({
  id: z.string().min(1).max(200),
  type: z.string().min(1).max(200),
  at: instantText(),
  sheet: z.string().max(200),
  row: z.int().positive(),
  /** What stands in the first column. */
  key: z.string().max(1000),
  /** Names of the columns that were changed. */
  changed: z.array(z.string()).max(200).default([]),
  /** Of the columns that the script was told to send. */
  values: z.record(z.string(), cell).default({}),
});
export const delivery = z.object({ spreadsheetId: z.string().min(1).max(255), events: z.array(event).max(1000) });
