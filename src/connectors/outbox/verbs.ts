import { type Connector, durationMs, type Failure, type Plain, type Repeat } from '@valehub/connector-kit';
import { findVerb } from '@valehub/connector-kit/host';
import type { RepeatNow } from './settlement.rules.ts';

type AnyRepeat = Repeat<Plain, Plain, Connector['settings']>;

/** What may be done now after an unknown outcome: a key is good while the platform remembers it, then only `find` is. */
export function repeatNow(repeat: AnyRepeat, ageMs: number): RepeatNow {
  if (repeat === 'safe' || repeat === 'mayDouble') return 'safe';
  if (repeat === 'never') return 'never';
  const { key, find } = repeat;
  if (key !== undefined && (key.lives === undefined || ageMs < durationMs(key.lives))) return 'key';
  return find === undefined ? 'never' : 'find';
}

/** Null = the input is as the verb wants it. */
export function inputFaults(connector: Connector, name: string, input: Plain): Failure | null {
  const [issue] = findVerb(connector, name)?.input.safeParse(input).error?.issues ?? [];
  return issue === undefined ? null : { code: 'BAD_INPUT', message: issue.message, path: issue.path.map(String).join('.') };
}
