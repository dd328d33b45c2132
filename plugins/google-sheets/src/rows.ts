import {
  CallError,
  exactNumber,
  type Failure,
  type Job,
  type JsonBody,
  type Outcome,
  type Ref,
  type Row,
  type Verb,
} from '@valehub/connector-kit';
import { appendRows, getSheets, readRows } from './client.ts';
import { readySheet, sheetOf } from './header.ts';
import type { Sheet } from './schemas.ts';
import type { SheetsCtx, settings } from './settings.ts';

type RowJob = Job<Row>;

const failed = (jobs: readonly RowJob[], failure: Failure): Outcome<Ref>[] => jobs.map(({ id }) => ({ job: id, failed: failure }));
const done = ({ settings: { spreadsheetId } }: SheetsCtx, { id }: Sheet): Ref => ({
  // A row has no id of its own, and its place changes when a person sorts.
  id: null,
  url: `https://docs.google.com/spreadsheets/d/${spreadsheetId}/edit#gid=${id}`,
});

const titleOf = ({ settings }: SheetsCtx, { table }: Row): string =>
  Object.hasOwn(settings.sheets, table) ? (settings.sheets[table] ?? table) : table;
const keyOf = ({ values: [key] }: Row): string => (key === null || key === undefined ? '' : String(key));

function fault({ columns, values }: Row): Failure | undefined {
  if (values.length !== columns.length)
    return { code: 'BAD_INPUT', path: 'values', message: `The row has ${columns.length} columns and ${values.length} values.` };
  return keyOf({ values } as Row) === ''
    ? { code: 'BAD_INPUT', path: 'values.0', message: 'The first value is the key of the row, and it is empty.' }
    : undefined;
}

/** What a sheet's number holds to its last digit. */
const MOST_DIGITS = 15;
const isNumber = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text) && text.replace(/[-.]/g, '').length <= MOST_DIGITS;

/** Text stays text, but in the columns that a person has named as numbers: there it keeps its digits. */
function cellOf({ settings }: SheetsCtx, column: string | undefined, value: Row['values'][number]): JsonBody {
  if (value === null) return '';
  if (typeof value !== 'string' || column === undefined || !settings.numberColumns.includes(column)) return value;
  return isNumber(value) ? exactNumber(value) : value;
}

interface Group {
  readonly title: string;
  readonly columns: readonly string[];
  readonly jobs: RowJob[];
}

/** Rows of one sheet and one header go out in one call, in their order. */
function grouped(ctx: SheetsCtx, jobs: readonly RowJob[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const job of jobs) {
    const title = titleOf(ctx, job.input);
    const key = JSON.stringify([title.toLowerCase(), job.input.columns]);
    const group = groups.get(key) ?? { title, columns: job.input.columns, jobs: [] };
    group.jobs.push(job);
    groups.set(key, group);
  }
  return [...groups.values()];
}

async function appendGroup(ctx: SheetsCtx, sheets: readonly Sheet[], { title, columns, jobs }: Group): Promise<Outcome<Ref>[]> {
  try {
    const sheet = await readySheet(ctx, sheets, title, columns);
    const rows = jobs.map(({ input }) => input.values.map((value, index) => cellOf(ctx, input.columns[index], value)));
    const answer = await appendRows(ctx, sheet.title, rows);
    return 'failed' in answer ? failed(jobs, answer.failed) : jobs.map(({ id }) => ({ job: id, done: done(ctx, sheet) }));
  } catch (cause) {
    if (cause instanceof CallError) return failed(jobs, cause.failure);
    throw cause;
  }
}

/** Rows whose keys are read at once: some 2 MB. */
const CHUNK = 20_000;

/** From the bottom up, for what may have been written just now stands there; further, as people sort. */
async function keysIn(ctx: SheetsCtx, sheet: Sheet, wanted: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (let last = sheet.rows; last >= 2 && found.size < wanted.size; last -= CHUNK) {
    const rows = await readRows(ctx, sheet.title, `A${Math.max(2, last - CHUNK + 1)}:A${last}`);
    for (const [cell] of rows) {
      const key = cell === undefined || cell === null ? '' : String(cell);
      if (wanted.has(key)) found.add(key);
    }
  }
  return found;
}

/** Google takes no key of ours, so the first column is the key: a row that may have been written is looked for there. */
async function find(ctx: SheetsCtx, jobs: readonly RowJob[]): Promise<readonly Outcome<Ref>[]> {
  const sheets = await getSheets(ctx);
  const outcomes: Outcome<Ref>[] = [];
  const titles = new Set(jobs.map(({ input }) => titleOf(ctx, input).toLowerCase()));
  for (const title of titles) {
    const here = jobs.filter(({ input }) => titleOf(ctx, input).toLowerCase() === title);
    const sheet = sheetOf(sheets, title);
    const known = sheet ? await keysIn(ctx, sheet, new Set(here.map(({ input }) => keyOf(input)))) : new Set<string>();
    for (const { id, input } of here)
      outcomes.push(sheet && known.has(keyOf(input)) ? { job: id, done: done(ctx, sheet) } : { job: id, absent: true });
  }
  return outcomes;
}

export const append: Verb<Row, Ref, typeof settings> = {
  // Google advises 2 MB in a call.
  batch: { max: 500, maxBytes: 1_500_000 },
  // Two at once could both make the sheet or its header.
  oneAtATime: 'account',
  repeat: { find },
  async run(ctx, jobs) {
    const unfit = jobs.flatMap((job) => {
      const wrong = fault(job.input);
      return wrong ? failed([job], wrong) : [];
    });
    const fit = jobs.filter(({ input }) => !fault(input));
    if (fit.length === 0) return { outcomes: unfit };
    const sheets = await getSheets(ctx);
    const outcomes: Outcome<Ref>[] = [...unfit];
    for (const group of grouped(ctx, fit)) outcomes.push(...(await appendGroup(ctx, sheets, group)));
    return { outcomes };
  },
};
