import type { PlatformReply } from '@valehub/connector-kit/testing';

/** Square's own form of a refusal. */
export const refused = (status: number, code: string, detail = code, field?: string): PlatformReply => ({
  status,
  body: { errors: [{ category: 'INVALID_REQUEST_ERROR', code, detail, ...(field === undefined ? {} : { field }) }] },
});
