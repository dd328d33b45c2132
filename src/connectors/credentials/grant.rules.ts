import type { Auth, Credential, Failure } from '@valehub/connector-kit';
import { instantText } from '../../domain/shared/clock.ts';
import { failureText } from '../runner/failure-text.ts';

const DAY_MS = 24 * 60 * 60_000;

/**
 * When a credential is renewed though nobody needs it, epoch ms; null = it is left until somebody does. One that would die idle is
 * renewed after three quarters of its life, and so is one that lives for a day or longer: that costs little, and no call meets its end.
 */
export function renewAtMs({ expiresAt, useBefore }: Credential, nowMs: number): number | null {
  const ends = [
    ...(useBefore === undefined ? [] : [Date.parse(useBefore)]),
    ...(expiresAt === undefined || Date.parse(expiresAt) - nowMs < DAY_MS ? [] : [Date.parse(expiresAt)]),
  ];
  return ends.length === 0 ? null : Math.min(...ends.map((end) => nowMs + Math.max(0, end - nowMs) * 0.75));
}

export const NOBODY_AGREED =
  'Nobody has agreed to this connection at the platform yet: authorizeConnection gives the address where a person does.';

const whatNext = (auth: Auth): string =>
  auth.authorize ? 'Somebody has to agree to it anew (authorizeConnection).' : 'Enter its credentials anew (updateConnection).';

/** What a person reads of a log-in that the platform refuses. `inDoubtSince`: an earlier renewal may have used up what was refused now. */
export function deadWords(failure: Failure, auth: Auth, inDoubtSince: Date | null): string {
  const doubt =
    inDoubtSince === null
      ? ''
      : ` On ${instantText(inDoubtSince.getTime())} the hub asked for new credentials and never saw the answer: the platform may have given them out then.`;
  return `${failureText(failure)}${doubt} ${whatNext(auth)}`;
}

/** What the platform said of the access as such. */
export const ACCESS_WORDS = {
  REVOKED: 'The platform has revoked the access of this connection.',
  UNINSTALLED: 'The app was removed at the platform.',
  EXPIRES: 'The access of this connection is about to expire.',
} as const;

export const accessWords = (is: 'REVOKED' | 'UNINSTALLED', auth: Auth): string => `${ACCESS_WORDS[is]} ${whatNext(auth)}`;
