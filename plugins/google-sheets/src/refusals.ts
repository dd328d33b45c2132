import { type Failure, type FailureCode, failureOfStatus, type Reply } from '@valehub/connector-kit';
import { refusal } from './schemas.ts';

/** Quotas are filled up once a minute, and Google does not say when. */
const REFILL = 'PT60S';

type Case = readonly [status: RegExp, words: RegExp, code: FailureCode, advice?: string];

/** Where Google's words say more than the status. */
const CASES: readonly Case[] = [
  [/^invalid_(grant|client)$/, /./, 'BAD_CREDENTIALS', 'Google no longer takes the key of the service account: enter a new one.'],
  [/^NOT_FOUND$/, /./, 'TARGET_GONE', 'The spreadsheet was deleted, or the id is another.'],
  [
    /^PERMISSION_DENIED$/,
    /has not been used|is disabled/,
    'FORBIDDEN_SCOPE',
    'Enable the Google Sheets API in the project of the service account.',
  ],
  [/^PERMISSION_DENIED$/, /./, 'FORBIDDEN_SCOPE', 'Share the spreadsheet with the service account, as an editor.'],
  // A sheet that was deleted, renamed or made between two calls: the next attempt sees it as it is.
  [/^INVALID_ARGUMENT$/, /unable to parse range|already exists|no (sheet|grid) with id/i, 'CONFLICT'],
  [/^INVALID_ARGUMENT$/, /above the limit|exceeds? the (maximum|limit)/i, 'TARGET_GONE', 'The spreadsheet is full: name another one.'],
  [/^INVALID_ARGUMENT$/, /protected/i, 'FORBIDDEN_SCOPE', 'Let the service account edit the protected range.'],
];

export function failure(reply: Reply): Failure | undefined {
  const code = failureOfStatus(reply.status);
  if (code === undefined) return undefined;
  const told = refusal.safeParse(reply.body);
  const { status = '', message = '' } = told.success ? told.data : {};
  const [, , byWords, advice] = CASES.find(([form, words]) => form.test(status) && words.test(message || ' ')) ?? [];
  const really = status === 'RESOURCE_EXHAUSTED' ? 'RATE_LIMITED' : (byWords ?? code);
  const words = [status, message].filter((part) => part !== '').join(': ');
  return {
    code: really,
    message: `Google answered ${reply.status}${words === '' ? '' : ` ${words.replace(/[.\s]+$/, '')}`}.${advice === undefined ? '' : ` ${advice}`}`,
    ...(really === 'RATE_LIMITED' && reply.headers['retry-after'] === undefined ? { wait: REFILL } : {}),
    // Rows may have been appended before Google's own fault.
    ...(reply.status >= 500 ? { unknown: true } : {}),
  };
}
