import type { Failure } from '@valehub/connector-kit';

/** A failure as a person reads it: its code leads to the table, its message says what the platform said. */
export const failureText = ({ code, message }: Pick<Failure, 'code' | 'message'>): string => `${code}. ${message}`;
