// The arrows of docs/design.md, checked in CI. Circles of imports are the linter's (.oxlintrc.json), which can tell
// imports of types from imports of values.
const anyService = '^services/([^/]+)/'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'services-keep-apart',
      comment: 'A service never imports another one.',
      severity: 'error',
      from: { path: anyService },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'services-know-no-workflows',
      comment: 'A service never imports workflows or activities.',
      severity: 'error',
      from: { path: '^services/' },
      to: { path: '^(workflows|activities)/' },
    },
    {
      name: 'workflow-code-is-pure',
      comment:
        'Workflow code imports only workflow code, plain contracts, the pure part of policies, and activities; ' +
        'of these only types, which .oxlintrc.json sees to, because here types cannot be told apart.',
      severity: 'error',
      from: {
        path: '^workflows/((enrollment|round|season)/|[a-z-]+\\.ts$)',
        pathNot: '/(client|worker|start|register)[^/]*\\.ts$|\\.(test|fixture)\\.ts$|/test/',
      },
      to: { path: '^(services|platform|infra|cli|tests)/' },
    },
    {
      name: 'plain-parts-stay-plain',
      comment: 'contracts and policies stand on nothing of ours but each other.',
      severity: 'error',
      from: { path: '^(contracts|policies)/', pathNot: '\\.(test|fixture)\\.ts$' },
      to: { path: '^(services|platform|workflows|activities|infra|cli|tests)/' },
    },
    {
      name: 'platform-stands-below',
      comment: 'The platform knows no service, workflow or activity.',
      severity: 'error',
      from: { path: '^platform/', pathNot: '\\.(test|fixture)\\.ts$' },
      to: { path: '^(services|workflows|activities|infra|cli|tests)/' },
    },
    {
      name: 'activities-go-through-http',
      comment: 'Activities are clients of the services and never import them.',
      severity: 'error',
      from: { path: '^activities/', pathNot: '\\.(test|fixture)\\.ts$' },
      to: { path: '^(services|infra|cli|tests)/' },
    },
    {
      name: 'nothing-imports-cli-or-infra',
      comment: 'cli and infra sit on top; tests may use them.',
      severity: 'error',
      from: { pathNot: '^(cli|infra|tests)/|\\.(test|fixture)\\.ts$|^[^/]+$' },
      to: { path: '^(cli|infra)/' },
    },
    {
      name: 'only-the-store-touches-the-database',
      comment: "Prisma, pg and the generated clients are imported only in a service's store.",
      severity: 'error',
      from: { path: anyService, pathNot: '^services/[^/]+/(store/|service\\.ts$)|\\.(test|fixture)\\.ts$' },
      to: { path: '^services/[^/]+/store/generated/|node_modules/(@prisma|pg|pg-copy-streams)/' },
    },
    {
      name: 'domain-is-pure',
      comment: 'The domain of a service decides; it reads and writes nothing.',
      severity: 'error',
      from: { path: '^services/[^/]+/domain/', pathNot: '\\.(test|fixture)\\.ts$' },
      to: { path: '^services/[^/]+/(api|store|events)/|^platform/(postgres|kafka|http|outbox|temporal)/' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', 'generated'] },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: {
      extensions: ['.ts', '.mts', '.js', '.mjs'],
      conditionNames: ['import', 'require', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
}
