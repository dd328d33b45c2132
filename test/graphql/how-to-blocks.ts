import { readFile } from 'node:fs/promises';
import { expect } from '@jest/globals';
import type { TestHub } from '../helpers/hub.ts';

interface Block {
  readonly query: string;
  /** What the page says that the hub answers. */
  readonly answer: unknown;
}

export const howTo = (page: string): Promise<string> => readFile(new URL(`../../docs/how-to/${page}.md`, import.meta.url), 'utf8');

export const blocks = (page: string): Block[] =>
  [...page.matchAll(/^```graphql\n(.*?)^```\n(?:\n```json\n(.*?)^```)?/gms)].map(([, query, answer]) => ({
    query: query as string,
    answer: answer === undefined ? undefined : JSON.parse(answer),
  }));

/** Sends one block of a page, gives it what earlier ones named, and compares the answer with the one below it. */
export async function send(hub: TestHub, { query, answer }: Block, named: Record<string, string>, key: string): Promise<void> {
  const wanted = [...(query.split('{')[0] as string).matchAll(/\$(\w+)/g)].map(([, name]) => name as string);
  for (const name of wanted) expect(named).toHaveProperty(name);
  const { data, errors } = await hub.graphql(query, Object.fromEntries(wanted.map((name) => [name, named[name]])), { key });
  if (answer === undefined) expect({ query, errors }).toEqual({ query, errors: undefined });
  else expect(errors === undefined ? data : { errors }).toMatchObject(answer as Record<string, unknown>);
  for (const [name, value] of Object.entries<{ id?: string; rejections?: unknown }>(data ?? {})) {
    expect(value?.rejections).toBeUndefined();
    if (value?.id !== undefined) named[name] = value.id;
  }
}
