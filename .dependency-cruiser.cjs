/*
 * The import rule of CONTRIBUTING.md as checks. A file imports its own folder or a lower tier:
 * 0 leaves (config, domain/shared, the connector kit, messages), 1 state (domain, database),
 * 2 doors (schema, connectors, workflows' activities), 3 assembly (the rest).
 */
const LEAVES = '^src/(config\\.ts$|domain/shared/|connectors/kit/)|/messages\\.ts$';
const STATE = '^src/(domain|database)/';
const ASSEMBLY = '^src/([^/]+\\.ts$|embedded/|schema/index\\.ts$|workflows/index\\.ts$)';
const LEAF_FILES = '^src/config\\.ts$';
const TESTS = '\\.test\\.ts$';

/** A folder of tier 2 reaches itself, the state and the leaves; nothing beside it and nothing above. */
const door = (name, from, own) => ({
  name: `tier-2-${name}`,
  comment: `${name} is a door: it imports its own folder, domain, database and the leaves.`,
  severity: 'error',
  from: { path: from, pathNot: [ASSEMBLY, TESTS] },
  to: { path: ['^src/', '^plugins/'], pathNot: [own, STATE, LEAVES] },
});

module.exports = {
  forbidden: [
    {
      name: 'tier-0-config',
      comment: 'The configuration is a leaf: it imports nothing of the project.',
      severity: 'error',
      from: { path: LEAF_FILES },
      to: { path: ['^src/', '^plugins/'] },
    },
    {
      name: 'tier-0-shared',
      comment: 'domain/shared is a leaf: it imports only itself.',
      severity: 'error',
      from: { path: '^src/domain/shared/', pathNot: TESTS },
      to: { path: ['^src/', '^plugins/'], pathNot: '^src/domain/shared/' },
    },
    {
      name: 'tier-0-kit',
      comment: 'The connector kit is a package of its own: it imports only itself and its own dependencies.',
      severity: 'error',
      from: { path: '^src/connectors/kit/', pathNot: TESTS },
      to: { path: ['^src/', '^plugins/'], pathNot: '^src/connectors/kit/' },
    },
    {
      name: 'tier-0-messages',
      comment: 'Messages are read by workflows, which run in a sandbox: they import no state and no door.',
      severity: 'error',
      from: { path: '^src/.*/messages\\.ts$' },
      to: { path: ['^src/', '^plugins/'], pathNot: LEAVES },
    },
    {
      name: 'tier-1-state',
      comment: 'What a voucher is knows nothing of who asks: domain and database import themselves and the leaves.',
      severity: 'error',
      from: { path: STATE, pathNot: ['^src/domain/shared/', TESTS] },
      to: { path: ['^src/', '^plugins/'], pathNot: [STATE, LEAVES] },
    },
    {
      name: 'domain-knows-no-carrier',
      comment: 'domain knows no HTTP, no GraphQL, no Temporal, no vendor.',
      severity: 'error',
      from: { path: '^src/domain/', pathNot: TESTS },
      to: {
        path: [
          'node_modules/(fastify|@fastify|@as-integrations|@apollo|graphql|graphql-[^/]+|type-graphql|ws|@temporalio|@valehub/connector-(?!kit))(/|$)',
          '^(node:)?(http|https|http2|net|tls)$',
        ],
      },
    },
    door('schema', '^src/schema/', '^src/schema/(?!index\\.ts$)'),
    door('connectors', '^src/connectors/(?!kit/)', '^src/connectors/'),
    door('workflows', '^src/workflows/(?!.*/workflow\\.ts$)', '^src/workflows/(?!index\\.ts$)'),
    {
      name: 'workflow-sandbox',
      comment: 'A workflow imports @temporalio/workflow, messages, pure files beside it and domain/shared.',
      severity: 'error',
      from: { path: '^src/workflows/.*/workflow\\.ts$' },
      to: { path: '.', pathNot: ['node_modules/@temporalio/workflow/', '/messages\\.ts$', '^src/workflows/', '^src/domain/shared/'] },
    },
    {
      name: 'plugin-alone',
      comment: 'A plugin imports the kit and its own dependencies: nothing of the hub, no other plugin.',
      severity: 'error',
      from: { path: '^plugins/([^/]+)/' },
      to: { path: ['^src/', '^plugins/'], pathNot: ['^plugins/$1/', '^src/connectors/kit/'] },
    },
    {
      name: 'no-plugin-by-path',
      comment: 'The hub knows a plugin through the registry only.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: ['^plugins/', 'node_modules/@valehub/connector-(?!kit)'] },
    },
    {
      name: 'resolvable',
      comment: 'An import that cannot be found is checked by no rule above.',
      severity: 'error',
      from: { path: ['^src/', '^plugins/'] },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // The compiler's own interface is not to be had from TypeScript 7; swc reads the same syntax.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: ['^plugins/\\.template/', '/dist/'] },
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'types', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
