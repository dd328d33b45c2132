import { Context } from '@temporalio/activity';

const HEARTBEAT_MS = 2_500;

/** An activity that waits: it tells Temporal that it lives, and is told when it is no longer wanted. */
export async function whileBeating<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const context = Context.current();
  const beating = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
  try {
    return await work(context.cancellationSignal);
  } finally {
    clearInterval(beating);
  }
}
