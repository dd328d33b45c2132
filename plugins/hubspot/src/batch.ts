import { CallError, type Failure, type FailureCode, path, withoutAddresses } from '@valehub/connector-kit';
import { ask, type Kind, propertyOf } from './client.ts';
import { prepare } from './properties.ts';
import * as schemas from './schemas.ts';
import type { HubSpotCtx } from './settings.ts';

/** HubSpot takes so many records at once. */
export const MOST = 100;

export type Properties = Readonly<Record<string, string>>;

/** One record to be written: by the value of a unique property, made where it is not there, or by HubSpot's own id. */
export interface Line {
  readonly id: string;
  readonly idProperty?: string;
  readonly properties: Properties;
}

/** What became of a line. `existing`: the record that has one of its unique values already. */
export type Written = { readonly record: schemas.CrmRecord } | { readonly failed: Failure; readonly existing?: string };

const CODES: Readonly<Record<string, FailureCode>> = {
  CONFLICT: 'CONFLICT',
  OBJECT_ALREADY_EXISTS: 'CONFLICT',
  OBJECT_NOT_FOUND: 'NOT_FOUND',
  MISSING_SCOPES: 'FORBIDDEN_SCOPE',
  RATE_LIMITS: 'RATE_LIMITED',
};

const existingIn = (message: string): string | undefined => /existing id: (\d+)/i.exec(message)?.[1];

function refused(failed: Failure, existing = existingIn(failed.message)): Written {
  return failed.code === 'CONFLICT' && existing !== undefined ? { failed, existing } : { failed };
}

/** UNVERIFIED that errors of upserts have the form that is documented for `batch/create`. */
export function failureOf(error: schemas.LineError): Failure {
  const property = propertyOf(error);
  const code = CODES[error.category ?? ''] ?? 'BAD_INPUT';
  return {
    code,
    message: withoutAddresses(`HubSpot refused it: ${[error.category, error.message].filter(Boolean).join(' ') || 'without a reason'}`),
    ...(property ? { path: property } : {}),
    ...(code === 'RATE_LIMITED' ? { wait: 'PT10S' } : {}),
  };
}

const unsaid: Failure = { code: 'BAD_REPLY', message: 'HubSpot did not say what became of this record.', unknown: true };

/** Which line a result is of: by its mark, else by the property under which it was sent. */
function resultOf(results: readonly schemas.CrmRecord[], line: Line, mark: string): schemas.CrmRecord | undefined {
  const { id, idProperty } = line;
  return (
    results.find(({ objectWriteTraceId }) => objectWriteTraceId === mark) ??
    results.find((result) => (idProperty === undefined ? result.id === id : result.properties[idProperty] === id))
  );
}

function settled({ results, errors }: schemas.Batch, lines: readonly Line[]): readonly Written[] {
  const unnamed = errors.find(({ context }) => !context?.objectWriteTraceId);
  return lines.map((line, index) => {
    const mark = String(index);
    const record = resultOf(results, line, mark);
    if (record) return { record };
    const error = errors.find(({ context }) => context?.objectWriteTraceId?.includes(mark)) ?? unnamed;
    return error ? refused(failureOf(error), error.context?.existingId?.[0]) : { failed: unsaid };
  });
}

/** Reasons that one line gives for all of its batch. Only what is named by HubSpot's own id can be missing. */
const ofOneLine = ({ code }: Failure, { idProperty }: Line): boolean =>
  code === 'BAD_INPUT' || code === 'CONFLICT' || (code === 'NOT_FOUND' && idProperty === undefined);

/** Whole batches that are refused are halved until the line is found that is the reason: the others are not to suffer. */
async function send(ctx: HubSpotCtx, kind: Kind, lines: readonly Line[], mayPrepare: boolean): Promise<readonly Written[]> {
  const [first] = lines;
  if (!first) return [];
  const answer = await ask(ctx, {
    path: `${kind.path}/batch/${first.idProperty === undefined ? 'update' : 'upsert'}`,
    json: {
      inputs: lines.map(({ id, idProperty, properties }, index) => ({ id, idProperty, objectWriteTraceId: String(index), properties })),
    },
    reply: schemas.batch,
  });
  const written = 'failed' in answer ? lines.map(() => refused(answer.failed)) : settled(answer.value, lines);
  // The hub's properties may not be there yet; then nothing was written that names one.
  const complains = written.some((one) => 'failed' in one && one.failed.code === 'BAD_INPUT');
  if (complains && mayPrepare) {
    const made = await prepare(ctx, kind);
    if (made.length > 0) return send(ctx, kind, lines, false);
  }
  if (!('failed' in answer) || lines.length === 1 || !ofOneLine(answer.failed, first)) return written;
  const half = Math.ceil(lines.length / 2);
  return [...(await send(ctx, kind, lines.slice(0, half), false)), ...(await send(ctx, kind, lines.slice(half), false))];
}

/** Writes at most 100 lines, each of another record, all by the same property or all by HubSpot's id. One answer a line. */
export const write = (ctx: HubSpotCtx, kind: Kind, lines: readonly Line[]): Promise<readonly Written[]> => send(ctx, kind, lines, true);

/** Work of one line, whose failure is that line's alone. */
export async function tried<T>(work: Promise<T>): Promise<{ readonly value: T } | { readonly failed: Failure }> {
  try {
    return { value: await work };
  } catch (cause) {
    if (cause instanceof CallError) return { failed: cause.failure };
    throw cause;
  }
}

/** Changes one record by HubSpot's id. */
export async function patch(ctx: HubSpotCtx, kind: Kind, id: string, properties: Properties): Promise<Written> {
  const answer = await ask(ctx, {
    method: 'PATCH',
    path: `${kind.path}${path`/${id}`}`,
    json: { properties },
    reply: schemas.record,
  });
  return 'failed' in answer ? refused(answer.failed) : { record: answer.value };
}

/** Reads at most 100 records by HubSpot's id or by a unique property. Those that are not there are not in the list. */
export async function read(
  ctx: HubSpotCtx,
  kind: Kind,
  ids: readonly string[],
  properties: readonly string[],
  idProperty?: string,
): Promise<readonly schemas.CrmRecord[]> {
  if (ids.length === 0) return [];
  const answer = await ctx.call({
    path: `${kind.path}/batch/read`,
    json: { idProperty, inputs: ids.map((id) => ({ id })), properties, propertiesWithHistory: [] },
    reply: schemas.batch,
    cost: 0,
  });
  const other = answer.errors.find(({ category }) => category !== 'OBJECT_NOT_FOUND');
  if (other) throw new CallError(failureOf(other));
  return answer.results;
}
