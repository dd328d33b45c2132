import { CallError, type Failure, type Job, type JsonBody, type Outcome, type Ref } from '@valehub/connector-kit';
import type { Kind } from './client.ts';
import type { XeroCtx } from './settings.ts';

/** A page of Xero's own for what was made. Only that of invoices is known; the organisation's short code opens the right books. */
export function refOf(ctx: XeroCtx, kind: Kind, id: string): Ref {
  const { shortCode } = ctx.facts;
  if (kind !== 'INVOICE' || shortCode === undefined) return { id };
  const page = `/AccountsReceivable/View.aspx?InvoiceID=${encodeURIComponent(id)}`;
  return {
    id,
    url: `https://go.xero.com/organisationlogin/default.aspx?shortcode=${encodeURIComponent(shortCode)}&redirecturl=${encodeURIComponent(page)}`,
  };
}

export const failed = (job: Job<unknown>, failure: Failure): Outcome<Ref> => ({ job: job.id, failed: failure });

export interface Drafts<In> {
  readonly ready: readonly { readonly job: Job<In>; readonly body: JsonBody }[];
  readonly refused: readonly Outcome<Ref>[];
}

/** Makes a body of each job; what cannot be one is refused before anything is sent. */
export function drafted<In>(jobs: readonly Job<In>[], draft: (input: In) => JsonBody): Drafts<In> {
  const ready: { job: Job<In>; body: JsonBody }[] = [];
  const refused: Outcome<Ref>[] = [];
  for (const job of jobs) {
    try {
      ready.push({ job, body: draft(job.input) });
    } catch (cause) {
      if (!(cause instanceof CallError)) throw cause;
      refused.push(failed(job, cause.failure));
    }
  }
  return { ready, refused };
}

/** Asks for each job by itself, so that what is known stays known where a limit ends the asking; the rest then waits as Xero says. */
export async function lookUp<In>(
  jobs: readonly Job<In>[],
  look: (input: In) => Promise<Ref | undefined>,
): Promise<readonly Outcome<Ref>[]> {
  const outcomes: Outcome<Ref>[] = [];
  let stop: Failure | undefined;
  for (const job of jobs) {
    if (stop) outcomes.push(failed(job, stop));
    else {
      try {
        const ref = await look(job.input);
        outcomes.push(ref ? { job: job.id, done: ref } : { job: job.id, absent: true });
      } catch (cause) {
        if (!(cause instanceof CallError)) throw cause;
        outcomes.push(failed(job, cause.failure));
        // A fault of the connection meets the others too; one of the input is this job's own.
        if (cause.failure.code !== 'BAD_INPUT') stop = cause.failure;
      }
    }
  }
  return outcomes;
}
