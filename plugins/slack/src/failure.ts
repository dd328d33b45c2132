import { type Failure, type FailureCode, failureOfStatus, type Reply, z } from '@valehub/connector-kit';

/**
 * Slack's words where they say more than the status, which is 200 for most refusals of the Web API. Words that are not listed are faults of
 * what was sent. Of the incoming webhooks' words only invalid_payload, channel_not_found and no_service are confirmed; of the response
 * addresses' used_url and expired_url none is.
 */
const WORDS: Readonly<Partial<Record<FailureCode, readonly string[]>>> = {
  BAD_CREDENTIALS: ['not_authed', 'invalid_auth', 'invalid_token', 'token_revoked', 'token_expired', 'account_inactive'],
  FORBIDDEN_SCOPE: [
    'missing_scope',
    'no_permission',
    'not_allowed_token_type',
    'not_in_channel',
    'access_denied',
    'ekm_access_denied',
    'team_access_not_granted',
    'restricted_action',
    'restricted_action_read_only_channel',
    'restricted_action_thread_only_channel',
    'restricted_action_non_threadable_channel',
    'cant_update_message',
  ],
  TARGET_GONE: [
    'channel_not_found',
    'is_archived',
    'channel_is_archived',
    'no_service',
    'no_team',
    'edit_window_closed',
    'used_url',
    'expired_url',
  ],
  NOT_FOUND: ['message_not_found'],
  RATE_LIMITED: ['ratelimited', 'rate_limited'],
  QUOTA_SPENT: ['message_limit_exceeded'],
  TIMEOUT: ['request_timeout'],
  PLATFORM_DOWN: ['internal_error', 'fatal_error', 'service_unavailable', 'team_added_to_org', 'rollup_error'],
  NOT_SUPPORTED: ['deprecated_endpoint', 'method_deprecated', 'unknown_method'],
};
const BY_WORD = new Map(Object.entries(WORDS).flatMap(([code, words]) => words.map((word) => [word, code as FailureCode] as const)));

/** Of these Slack says that a part may have been done before it failed. */
const LEFT_OPEN = new Set(['internal_error', 'fatal_error', 'request_timeout']);

const refusal = z.object({
  ok: z.literal(false),
  error: z.string().min(1).max(200),
  needed: z.string().nullish(),
  response_metadata: z.object({ messages: z.array(z.string()).nullish() }).nullish(),
});

interface Told {
  readonly word: string;
  readonly more: string;
  readonly path?: string;
}

/** JSON with `ok: false` from the Web API and the response addresses, one word of plain text from incoming webhooks. */
function told(reply: Reply): Told | undefined {
  const parsed = refusal.safeParse(reply.body);
  if (!parsed.success) {
    const word = reply.text.trim();
    return failureOfStatus(reply.status) !== undefined && /^[a-z_]{1,60}$/.test(word) ? { word, more: '' } : undefined;
  }
  const { error, needed, response_metadata: metadata } = parsed.data;
  const [detail = ''] = metadata?.messages ?? [];
  const path = /\[json-pointer:\/([^\]]+)\]/.exec(detail)?.[1]?.replaceAll('/', '.');
  return {
    word: error.toLowerCase().replaceAll(' ', '_'),
    more: `${needed ? `, needs ${needed}` : ''}${detail === '' ? '' : `: ${detail.slice(0, 300)}`}`,
    ...(path === undefined ? {} : { path }),
  };
}

/** Undefined where the word says no more than that something was refused. */
export const codeOfWord = (word: string): FailureCode | undefined => BY_WORD.get(word);

export function failure(reply: Reply): Failure | undefined {
  const answer = told(reply);
  if (!answer) return undefined;
  const { word, more, path } = answer;
  return {
    code: codeOfWord(word) ?? failureOfStatus(reply.status) ?? 'BAD_INPUT',
    message: `Slack answered ${reply.status} ${word}${more}.`,
    ...(path === undefined ? {} : { path }),
    ...(LEFT_OPEN.has(word) ? { unknown: true } : {}),
  };
}
