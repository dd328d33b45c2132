// Writes what the manifests of the connectors say: the table in README.md, docs/reference/connectors.md and docs/reference/connector-tests.md;
// with --check it only compares. The packages must be built.
import { readFileSync, writeFileSync } from 'node:fs';
import { CAPABILITY_KEYS } from '@valehub/connector-kit';
import { contractTests } from '@valehub/connector-kit/testing';

const root = new URL('../', import.meta.url);
const json = (path) => JSON.parse(readFileSync(new URL(path, root), 'utf8'));

const connectors = await Promise.all(
  json('package.json').valehub.connectors.map(async (packageName) => {
    const id = packageName.replace('@valehub/connector-', '');
    const [{ default: connector }, { samples }] = await Promise.all([import(packageName), import(`../plugins/${id}/test/samples.ts`)]);
    return { id, packageName, connector, samples, manifest: json(`plugins/${id}/package.json`) };
  }),
);

const row = (cells) => `| ${cells.join(' | ')} |`;
const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

const AUTH = { none: 'the address itself', secret: 'a key', token: 'a log-in that is renewed' };

function authOf({ auth }) {
  const choices = 'length' in auth ? auth : [auth];
  return [...new Set(choices.map((choice) => (choice.authorize ? 'OAuth in the browser' : AUTH[choice.by])))].join(' or ');
}

function inboundOf({ webhooks, questions, feeds }) {
  const parts = [
    ...(webhooks?.topics.length ? ['webhooks'] : []),
    ...(questions ? Object.keys(questions).map((name) => `question \`${name}\``) : []),
    ...Object.entries(feeds ?? {}).map(([name, { every }]) => `\`${name}\` every ${every.slice(2).toLowerCase()}`),
  ];
  return parts.join(', ') || '-';
}

const overview = table(
  ['platform', 'package', 'roles', 'proves itself by', 'hears by'],
  connectors.map(({ packageName, connector, manifest }) => [
    connector.title,
    `[\`${packageName}\`](plugins/${connector.id}/README.md) ${manifest.version}`,
    Object.keys(connector.roles).sort().join(', '),
    authOf(connector),
    inboundOf(connector),
  ]),
);

const SIGNS = { ENFORCED: 'yes', BY_HUB: 'hub', NOT_POSSIBLE: '' };
const notes = [];
function supportOf({ connector }, key) {
  const support = connector.capabilities[key] ?? 'NOT_POSSIBLE';
  if (typeof support === 'string') return SIGNS[support];
  notes.push(`${connector.title}, \`${key}\`: ${support.approximated}.`);
  return `nearly [${notes.length}](#note-${notes.length})`;
}
const shown = CAPABILITY_KEYS.filter((key) =>
  connectors.some(({ connector }) => (connector.capabilities[key] ?? 'NOT_POSSIBLE') !== 'NOT_POSSIBLE'),
);
const capabilities = table(
  ['', ...connectors.map(({ connector }) => connector.title)],
  shown.map((key) => [`\`${key}\``, ...connectors.map((entry) => supportOf(entry, key))]),
);

const versions = table(
  ['platform', 'version that is called', 'ends'],
  connectors.map(
    ({
      connector: {
        title,
        versions: [first],
      },
    }) => [title, `[${first.id}](${first.link})`, first.until ?? 'not known'],
  ),
);

const reference = `# Connectors

Generated from the connectors' own declarations (\`npm run docs:connectors\`). Each connector's README says how to connect it and what it cannot do.

${overview.replaceAll('(plugins/', '(../../plugins/')}

## What each can do

*yes*: the platform does it. *hub*: the hub sees to it, when it is asked or told. *nearly*: see the note. Empty: not possible there. Before a campaign is published
[\`planPublication\`](../how-to/publish-a-campaign.md) says what this means for it.

${capabilities}

${notes.map((note, at) => `<a id="note-${at + 1}"></a>${at + 1}. ${note}`).join('\n')}

## Versions of the platforms' interfaces

An operator is told 90 days before one ends.

${versions}
`;

/** One name for a case whatever the topic, feed or verb that it is tried on. */
function caseOf(name) {
  return name
    .replace(/^a (\S+) is taken and understood \(sample \d+\)$/, 'a delivery is taken and understood')
    .replace(/^a forged \S+ is refused \(sample \d+\)$/, 'a forged, changed, cut, doubled or too large delivery is refused')
    .replace(/^handshake \d+ /, 'a handshake ')
    .replace(/^questions\.\S+ \(sample \d+\) /, 'a question ')
    .replace(/^feeds\.\S+ \(sample \d+\) /, 'a feed ')
    .replace(/^the choices \S+ are/, 'choices are')
    .replace(/^fetch\.\S+ \(sample \d+\) /, 'reading again ')
    .replace(/^\S+ \(sample \d+\) /, 'a verb ');
}

const counts = connectors.map(({ connector, samples }) => {
  const of = new Map();
  for (const { name } of contractTests(connector, samples)) of.set(caseOf(name), (of.get(caseOf(name)) ?? 0) + 1);
  return of;
});
const cases = [...new Set(counts.flatMap((of) => [...of.keys()]))];
const tests = `# What every connector is tried with

Generated from the contract suite and the connectors' samples (\`npm run docs:connectors\`): how many tests of each case run for each platform in \`npm test -- test/contract\`. What a
connector does not have, it is not tried with. Each connector's own tests come on top.

${table(
  ['case', ...connectors.map(({ connector }) => connector.title)],
  [
    ...cases.map((name) => [name, ...counts.map((of) => of.get(name) ?? '')]),
    ['**all**', ...counts.map((of) => `**${[...of.values()].reduce((sum, count) => sum + count, 0)}**`)],
  ],
)}
`;

const BEGIN = '<!-- connectors: generated by npm run docs:connectors -->';
const END = '<!-- end of connectors -->';
const readme = readFileSync(new URL('README.md', root), 'utf8');
const pages = {
  'README.md': readme.replace(new RegExp(`${BEGIN}[\\s\\S]*${END}`), `${BEGIN}\n${overview}\n${END}`),
  'docs/reference/connectors.md': reference,
  'docs/reference/connector-tests.md': tests,
};
for (const [path, text] of Object.entries(pages)) {
  const url = new URL(path, root);
  if (!process.argv.includes('--check')) writeFileSync(url, text);
  else if (readFileSync(url, { encoding: 'utf8', flag: 'a+' }) !== text) {
    console.error(`${path} does not say what the connectors say: run \`npm run docs:connectors\`.`);
    process.exitCode = 1;
  }
}
