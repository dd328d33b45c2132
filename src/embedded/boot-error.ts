/** The hub cannot start (or go on): the message is one sentence for the person at the console and says what to do. */
export class BootError extends Error {
  override readonly name = 'BootError';
}

/** The message of anything thrown. */
export function messageOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}
