// The public contract only grows: compares schema.graphql with that of the last release (the newest tag v*).
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { buildSchema, findBreakingChanges } from 'graphql';

const git = (...args) => execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

/** The schema of the last release; null before the first. */
function released() {
  let tag;
  try {
    tag = git('describe', '--tags', '--abbrev=0', '--match', 'v*').trim();
  } catch {
    return null;
  }
  return { tag, text: git('show', `${tag}:schema.graphql`) };
}

const last = released();
if (last === null) {
  console.log('Nothing was released yet.');
} else if (!existsSync('schema.graphql')) {
  console.error(`schema.graphql is gone, and ${last.tag} had it.`);
  process.exitCode = 1;
} else {
  const breaking = findBreakingChanges(buildSchema(last.text), buildSchema(readFileSync('schema.graphql', 'utf8')));
  for (const { description } of breaking) console.error(`${description} (${last.tag} had it: deprecate, and keep it at least 12 months)`);
  process.exitCode = breaking.length === 0 ? 0 : 1;
}
