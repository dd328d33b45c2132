import { readFileSync } from 'node:fs';

/** A hot statement by its file name under sql/. Read once, at start. */
export const loadSql = (name: string): string => readFileSync(new URL(`./sql/${name}.sql`, import.meta.url), 'utf8');
