/** Builds a path with its values percent-encoded, so that an id can never change where a call goes: path`/v2/orders/${id}`. Throws RangeError on `.`, `..` and nothing. */
export function path(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return parts.reduce((built, part, index) => {
    const value = values[index - 1] ?? '';
    if (value === '' || value === '.' || value === '..') throw new RangeError('A value of a path is empty or made of dots.');
    return `${built}${encodeURIComponent(value)}${part}`;
  });
}
