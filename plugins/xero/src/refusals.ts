import { type Failure, type FailureCode, failureOfStatus, type Pace, type Reply, withoutAddresses } from '@valehub/connector-kit';
import { type Element, refusal } from './schemas.ts';

const sentence = (text: string): string => text.trim().replace(/[.\s]+$/, '');
/** Xero repeats what was sent; addresses of people stay out of what is logged. */
const joined = (reasons: readonly string[]): string => withoutAddresses([...new Set(reasons.map(sentence))].join('; '));

interface Complaint {
  readonly reasons: readonly string[];
  /** The member of the hub's document: Xero answers its lines in the order in which they were sent. */
  readonly path?: string;
}

/** What Xero says against one element, its parts' faults included, and the part that the first of them is about. */
function complaintOf(element: Element): Complaint {
  const lines = [...element.LineItems, ...element.JournalLines];
  const parts = [
    { path: undefined, reasons: element.ValidationErrors },
    { path: 'contact', reasons: element.Contact?.ValidationErrors ?? [] },
    ...lines.map(({ ValidationErrors: reasons }, index) => ({ path: `lines.${index}`, reasons })),
  ].filter(({ reasons }) => reasons.length > 0);
  const path = parts.find((part) => part.path !== undefined)?.path;
  return { reasons: parts.flatMap(({ reasons }) => reasons), ...(path === undefined ? {} : { path }) };
}

/** The failure of one document of a batch; undefined where it was made. Warnings refuse nothing. */
export function refused(element: Element): Failure | undefined {
  const { reasons, path } = complaintOf(element);
  if (element.StatusAttributeString !== 'ERROR' && !(element.HasErrors && reasons.length > 0)) return undefined;
  return {
    code: 'BAD_INPUT',
    message: `Xero refuses it: ${joined(reasons) || 'no reason given'}.`,
    ...(path === undefined ? {} : { path }),
  };
}

const PROBLEMS: readonly (readonly [RegExp, string])[] = [
  [/day/i, "The day's calls of this organisation are used up."],
  [/app/i, 'The calls a minute of the whole app are used up.'],
  [/concurrent/i, 'Xero answers five calls of an organisation at once, and no more.'],
];

function limited(reply: Reply): Failure {
  const problem = reply.headers['x-rate-limit-problem'] ?? '';
  const daySpent = /day/i.test(problem) || reply.headers['x-daylimit-remaining'] === '0';
  const words = daySpent ? PROBLEMS[0] : PROBLEMS.find(([form]) => form.test(problem));
  return {
    code: daySpent ? 'QUOTA_SPENT' : 'RATE_LIMITED',
    message: `Xero answered 429. ${words?.[1] ?? 'The calls a minute of this organisation are used up.'}`,
  };
}

/** Where the gateway's word says more than the status: 401 is also what a missing scope gets, and 403 what a tenant gets that has left. */
const BY_DETAIL: readonly (readonly [RegExp, FailureCode, string])[] = [
  [/^AuthorizationUnsuccessful/, 'FORBIDDEN_SCOPE', 'A right (scope) is missing: connect anew and grant all that is asked for.'],
  [/^AuthenticationUnsuccessful/, 'BAD_CREDENTIALS', 'The organisation is no longer connected to the app, or is another: connect anew.'],
];

/** A key of which Xero has kept another request is free again after six minutes; till then the job waits. */
const KEY_IN_USE = /idempotency.key.*different request/is;

export function failure(reply: Reply): Failure | undefined {
  const code = failureOfStatus(reply.status);
  if (code === undefined) return undefined;
  if (code === 'RATE_LIMITED') return limited(reply);
  const parsed = refusal.safeParse(reply.body);
  const told = parsed.success ? parsed.data : undefined;
  const [, byDetail, advice] = BY_DETAIL.find(([form]) => form.test(told?.Detail ?? '')) ?? [];
  const complaints = (told?.Elements ?? []).map(complaintOf);
  const reasons = complaints.flatMap((complaint) => complaint.reasons);
  const words = joined(reasons) || sentence(told?.Message ?? told?.Detail ?? told?.Title ?? '');
  const path = complaints.find((complaint) => complaint.path !== undefined)?.path;
  return {
    code: KEY_IN_USE.test(reply.text) ? 'CONFLICT' : (byDetail ?? code),
    message: `Xero answered ${reply.status}${words === '' ? '' : `: ${words}`}.${advice === undefined ? '' : ` ${advice}`}`,
    ...(path === undefined ? {} : { path }),
    // 503 is a platform that takes no calls; after any other of its faults the document may be there.
    ...(reply.status >= 500 && reply.status !== 503 ? { unknown: true } : {}),
  };
}

const REMAINING: readonly (readonly [limit: string, header: string])[] = [
  ['minute', 'x-minlimit-remaining'],
  ['day', 'x-daylimit-remaining'],
  ['app', 'x-appminlimit-remaining'],
];

export const pace = (reply: Reply): readonly Pace[] =>
  REMAINING.flatMap(([limit, header]) => {
    const remaining = reply.headers[header];
    return remaining !== undefined && /^\d{1,9}$/.test(remaining) ? [{ limit, remaining: Number(remaining) }] : [];
  });
