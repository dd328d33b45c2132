import { type Failure, type FailureCode, failureOfStatus, type Reply, z } from '@valehub/connector-kit';

/** What receivers say in their own words, in the members that most of them use. */
const words = z.object({ error: z.unknown(), message: z.unknown(), detail: z.unknown(), title: z.unknown() }).partial();
const LONGEST = 200;

function said({ body }: Reply): string {
  const told = words.safeParse(body);
  const text = told.success
    ? [told.data.message, told.data.error, told.data.detail, told.data.title].find((word) => typeof word === 'string')
    : undefined;
  return typeof text === 'string' ? `: ${text.slice(0, LONGEST)}` : '';
}

/** An address that is not there, or sends us elsewhere, is for the operator to put right; the table would blame the sender or the author. */
function codeOf(status: number): FailureCode | undefined {
  if (status === 404 || status === 405 || (status >= 300 && status < 400)) return 'TARGET_GONE';
  return failureOfStatus(status);
}

export function failure(reply: Reply): Failure | undefined {
  const code = codeOf(reply.status);
  if (code === undefined) return undefined;
  const isElsewhere = reply.status >= 300 && reply.status < 400;
  return {
    code,
    message: isElsewhere
      ? `The receiver answered ${reply.status} and sends us to another address; enter that one.`
      : `The receiver answered ${reply.status}${said(reply)}.`,
    ...(code === 'TIMEOUT' ? { unknown: true } : {}),
  };
}
