import { CallError, type z } from '@valehub/connector-kit';

export function refuse(type: string, path: string, why: string): never {
  throw new CallError({
    code: 'BAD_INPUT',
    path,
    message: `The event${type === '' ? '' : ` ${type}`} is not in its form at ${path}: ${why}.`,
  });
}

/** Parses, or says at which place what is wrong; whoever writes the sender reads it. */
export function parse<T extends z.ZodType>(schema: T, value: unknown, type: string, at: string): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = [at, ...(issue?.path ?? [])].map(String).filter((part) => part !== '');
  return refuse(type, path.join('.') || 'its root', issue?.message ?? 'unknown');
}
