/** Slack's three control characters. Unescaped, a text could mention everybody or hide where a link goes. */
export const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** What stands between `<` and `|` of a link: `|` and `>` would end it. */
export const link = (url: string, words: string): string => `<${escaped(url).replaceAll('|', '%7C')}|${escaped(words)}>`;

/** Without half an escape or half a character at its end. */
const whole = (text: string): string => text.replace(/&[a-z]{0,3}$/, '').replace(/[\uD800-\uDBFF]$/, '');

/** An escaped text of at most so many characters; what is cut off is marked. */
export const cut = (text: string, longest: number): string => (text.length <= longest ? text : `${whole(text.slice(0, longest - 1))}…`);

/** An escaped text in pieces of at most so many characters, broken between words where there are any. */
export function pieces(text: string, longest: number): readonly string[] {
  const found: string[] = [];
  let rest = text;
  while (rest.length > longest) {
    const head = whole(rest.slice(0, longest));
    const gap = Math.max(head.lastIndexOf('\n'), head.lastIndexOf(' '));
    const end = gap > longest / 2 ? gap : head.length;
    found.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return rest === '' ? found : [...found, rest];
}
