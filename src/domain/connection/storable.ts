/** PostgreSQL keeps no NUL and no half of a surrogate pair; what a platform sends may hold both. */
export const storableText = (text: string): string => text.replaceAll('\u0000', '\uFFFD').toWellFormed();

const clean = (value: unknown): unknown => {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [storableText(name), clean(member)]));
};

/** JSON that a jsonb column takes, whatever the value holds. */
export const storableJson = (value: unknown): string => JSON.stringify(clean(value));
