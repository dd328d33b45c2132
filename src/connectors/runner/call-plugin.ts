import { type Awaitable, CallError, type Failure } from '@valehub/connector-kit';
import type { Logger } from 'pino';

export type Called<T> = { readonly value: T } | { readonly failed: Failure };

export interface PluginCall {
  readonly connectorId: string;
  /** What of the plugin is called, for the log: `webhooks.read`. */
  readonly part: string;
  readonly deadlineMs: number;
  readonly log: Logger;
  /** Whether the call may have left something at the platform when nobody knows how it ended. */
  readonly acts: boolean;
}

/**
 * The one way into a plugin's code: with a deadline, and nothing that it throws gets further than here. (When plugins move into
 * threads of their own, this is where the border is crossed; only plain data goes through already.)
 */
export async function callPlugin<T>(call: PluginCall, run: (signal: AbortSignal) => Awaitable<T>): Promise<Called<T>> {
  const giveUp = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), call.deadlineMs);
  });
  try {
    const running = Promise.resolve().then(() => run(giveUp.signal));
    const first = await Promise.race([running.then((value) => ({ value })), late]);
    if (first !== 'late') return first;
    giveUp.abort();
    // It may still throw when nobody waits for it any more.
    running.catch((fault: unknown) =>
      call.log.debug({ connector: call.connectorId, part: call.part, fault: nameOf(fault) }, 'a connector ended after its deadline'),
    );
    return {
      failed: {
        code: 'TIMEOUT',
        message: `The connector did not finish ${call.part} in ${call.deadlineMs / 1000} s.`,
        ...(call.acts ? { unknown: true } : {}),
      },
    };
  } catch (fault) {
    if (fault instanceof CallError) return { failed: fault.failure };
    // The message of a fault in foreign code may hold what was being worked on: only its kind and place are kept.
    call.log.error({ connector: call.connectorId, part: call.part, fault: nameOf(fault), at: placeOf(fault) }, 'a connector broke');
    return {
      failed: {
        code: 'BAD_REPLY',
        message: `The connector broke in ${call.part} (${nameOf(fault)}).`,
        ...(call.acts ? { unknown: true } : {}),
      },
    };
  } finally {
    clearTimeout(timer);
  }
}

const nameOf = (fault: unknown): string => (fault instanceof Error ? fault.name : typeof fault);

function placeOf(fault: unknown): string | undefined {
  return fault instanceof Error
    ? fault.stack
        ?.split('\n')
        .find((line) => /^\s+at /.test(line))
        ?.trim()
    : undefined;
}
