/** What a person keeps in mind between looking and typing. */
const GROUP = 4;

/**
 * `DV1234567890123` with a prefix of 2 gives `DV-1234-567-890-123`: groups of at most four, as even as they can be.
 * Dashes, which normalisation takes out again.
 */
export function groupForReading(code: string, prefixLength = 0): string {
  const groups = prefixLength > 0 ? [code.slice(0, prefixLength)] : [];
  let at = prefixLength;
  for (let left = Math.ceil((code.length - at) / GROUP); left > 0; left--) {
    const size = Math.ceil((code.length - at) / left);
    groups.push(code.slice(at, at + size));
    at += size;
  }
  return groups.join('-');
}
