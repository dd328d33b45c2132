import type { Extension } from './schemas.ts';

/** Under this name the hub leaves a voucher's whole code on what it has put on a check. */
export const APP = 'valehub';
export const VOUCHER = 'voucher';
export const JOB = 'job';

/** What we left under a name, if this is ours. */
export const ours = (extensions: readonly Extension[], name: string): string | undefined =>
  extensions.find(({ appName, dataName }) => appName === APP && dataName === name)?.data ?? undefined;

/** Texts in which a code may stand, without what is empty or ours. */
export const textsOf = (texts: readonly (string | null | undefined)[], extensions: readonly Extension[] = []): string[] =>
  [...texts, ...extensions.filter(({ appName }) => appName !== APP).map(({ data }) => data)].flatMap((text) =>
    text === null || text === undefined || text.trim() === '' ? [] : [text.slice(0, 1000)],
  );

/** Names things that have no id of their own: the first keeps its name, the second of the same is `name.2`, each time it is read. */
export function counter(): (base: string) => string {
  const seen = new Map<string, number>();
  return (base) => {
    const times = (seen.get(base) ?? 0) + 1;
    seen.set(base, times);
    return times === 1 ? base : `${base}.${times}`;
  };
}

/** 32 hex digits with the marks of a UUID of version 4, which is the form that Simphony asks of ids that callers choose. */
export const uuidDigits = (hex: string): string => `${hex.slice(0, 12)}4${hex.slice(13, 16)}a${hex.slice(17, 32)}`;

/** The same with dashes. */
export const guid = (hex: string): string => uuidDigits(hex).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
