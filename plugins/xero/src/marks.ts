import { CallError, type HubDocument, type Journal } from '@valehub/connector-kit';

/** Xero takes no more in a reference; that it is 255 is what its forms say, the API's description gives no figure. UNVERIFIED. */
const LONGEST_REFERENCE = 255;
const LONGEST_NARRATION = 4000;

/** In Xero's filters a text stands between quotes, and nothing says how one inside it would be written. */
const searchable = (text: string): string => text.replaceAll('"', "'").replaceAll('\\', '/').replace(/\s+/g, ' ').trim();

/** What an invoice or credit note is found again by: `VH-000123 / DV4711`. */
export function referenceOf({ reference, code }: Pick<HubDocument, 'reference' | 'code'>): string {
  const mark = searchable(code === undefined ? reference : `${reference} / ${code}`);
  if (mark.length <= LONGEST_REFERENCE) return mark;
  throw new CallError({ code: 'BAD_INPUT', path: 'reference', message: `Xero takes references of ${LONGEST_REFERENCE} characters.` });
}

/** A manual journal has no reference field, so its narration ends with the mark: `Vouchers of 6 March [VH-000124]`. */
export function narrationOf({ reference, narration }: Pick<Journal, 'reference' | 'narration'>): string {
  const mark = searchable(`${narration} [${reference}]`);
  if (mark.length <= LONGEST_NARRATION) return mark;
  throw new CallError({ code: 'BAD_INPUT', path: 'narration', message: `Xero takes narrations of ${LONGEST_NARRATION} characters.` });
}

/** The hub's reference and code in a reference of Xero; a person's own reference stays whole. */
export function readReference(text: string): { readonly reference: string; readonly code?: string } {
  const match = /^(.+) \/ ([A-Z0-9][A-Z0-9-]{3,})$/.exec(text);
  return match?.[1] !== undefined && match[2] !== undefined ? { reference: match[1], code: match[2] } : { reference: text };
}

export const readNarration = (text: string): string | undefined => /\[([^[\]]+)\]$/.exec(text)?.[1];
