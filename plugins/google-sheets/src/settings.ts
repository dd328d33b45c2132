import { type Ctx, secret, z } from '@valehub/connector-kit';

export const settings = z.strictObject({
  serviceAccountKey: secret({
    title: 'Service account key',
    description: 'The whole JSON file that Google Cloud gave with the key. Share the spreadsheet with its client_email as an editor.',
  }),
  spreadsheetId: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9_-]{10,200}$/, 'the part of the address between /d/ and /edit')
    .meta({ title: 'Spreadsheet', description: 'The part of its address between /d/ and /edit.' }),
  sheets: z.record(z.string().min(1).max(1000), z.string().min(1).max(100)).default({}).meta({
    title: 'Sheets',
    description: "Which sheet each of the hub's tables is written to: { table: sheet }. Left out: a sheet of the table's name.",
    choices: 'sheets',
  }),
  numberColumns: z.array(z.string().min(1).max(1000)).max(100).default([]).meta({
    title: 'Number columns',
    description: 'Columns whose decimal text is written as a number, so that it can be summed: amounts. All others stay text.',
  }),
  scriptSecret: secret({
    title: "Script's secret",
    description: 'Shared with the Apps Script that reports changes; 32 random characters or more. Without it no change is taken.',
  })
    .refine((value) => value.length >= 16, 'at least 16 characters')
    .optional(),
});

export type SheetsCtx = Ctx<typeof settings>;
