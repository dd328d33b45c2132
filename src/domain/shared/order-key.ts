/** One text for an order of a source, whatever stands in either. */
export const orderKey = (source: string | null, externalId: string | null): string => JSON.stringify([source, externalId]);
