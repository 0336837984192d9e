// Who may import whom: the two tables of the design, as rules. Tests may import anything.
const features = [
  'ledger',
  'people',
  'organisation',
  'jobs',
  'registry',
  'raci',
  'identity',
  'policy',
  'notifications',
  'approvals',
  'reversals',
  'containment',
  'check',
  'outcomes',
  'lifecycle',
  'findings',
  'behaviour',
  'reviews',
  'incidents',
  'maturity',
  'evidence',
  'home',
];
const feature = `(${features.join('|')})`;
// A feature's files by layer. `reading` is the read side of its service, with a shape of its own; permissions and wording are domain.
const layers = {
  schema: '(schema|reading/schema)([./]|$)',
  domain: '(domain|permissions|wording)([./]|$)',
  store: 'store([./]|$)',
  service: '(service|reading)([./]|$)',
};
// What gateways notice (lib/findings/observations) has layers of its own, since gateways use it without the findings themselves.
const layer = (...names) => `^lib/${feature}/(observations/)?(${names.map((name) => layers[name]).join('|')})`;
const ours = '^(app|components|e2e|lib|prisma|scripts|sdk|workers)/';
const tests = ['\\.test\\.tsx?$', '^lib/[^/]+/testing/', '/testdata/', '^e2e/'];

/** One row of the table: `from` may import, of our own code, nothing but `allowed`. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: tests },
  to: { path: ours, pathNot: allowed },
});

const outsideWorld = '^(fs|fs/promises|net|tls|http|https|http2|dgram|dns|child_process|worker_threads|cluster)$';

module.exports = {
  forbidden: [
    only('kernel-imports-nothing-of-ours', '^lib/kernel/', ['^lib/kernel/'], 'kernel is pure'),
    only('platform-imports-kernel', '^lib/platform/', ['^lib/(kernel|platform)/'], 'platform knows no feature'),
    only(
      'schema-and-domain-are-pure',
      layer('schema', 'domain'),
      ['^lib/kernel/', layer('schema', 'domain')],
      'rules and shapes touch nothing',
    ),
    only(
      'store-imports-platform-and-schema',
      layer('store'),
      ['^lib/(kernel|platform)/', layer('schema', 'store')],
      'reads and writes decide nothing',
    ),
    only(
      'service-imports-below',
      layer('service'),
      ['^lib/(kernel|platform|jobs)/', '^lib/wiring\\.ts$', layer('schema', 'domain', 'store', 'service')],
      'use cases know no route, page or worker',
    ),
    only(
      'jobs-import-below',
      '^lib/jobs/(catalog|loop|queues|supervisor)\\.ts$',
      ['^lib/(kernel|platform|jobs)/', layer('schema')],
      'the catalog of jobs knows no use case',
    ),
    only(
      'agent-plane-imports-services',
      '^lib/http/agent/',
      ['^lib/(kernel|platform|http)/', layer('schema', 'domain', 'service')],
      "the gateway's routes are in http and stand where app stands for people",
    ),
    only(
      'http-imports-below',
      '^lib/http/(?!agent/)',
      ['^lib/(kernel|platform|http)/', layer('schema'), '^lib/(people|ledger)/(service|reading|domain|permissions)([./]|$)'],
      'the wrapper of routes knows who asks and what to record',
    ),
    only(
      'components-import-no-server',
      '^components/',
      ['^components/', '^lib/kernel/', layer('schema', 'domain')],
      'screens run in a browser',
    ),
    only(
      'app-imports-http-and-services',
      '^app/',
      ['^(app|components)/', '^lib/(kernel|http)/', layer('schema', 'domain', 'service')],
      'routes are declarations',
    ),
    only(
      'workers-import-services',
      '^workers/',
      ['^workers/', '^lib/(kernel|platform|http|jobs)/', '^lib/wiring\\.ts$', layer('schema', 'domain', 'service')],
      'entry points wire, they do not query',
    ),
    only('sdk-imports-no-server', '^sdk/', ['^sdk/', '^lib/kernel/'], 'the client is published alone'),
    only('verifier-shares-nothing', '^scripts/verify', ['^scripts/verify'], 'it must find what the writer got wrong'),
    {
      name: 'store-is-private',
      comment: "another feature's tables are reached through its service",
      severity: 'error',
      from: { path: `^lib/${feature}/`, pathNot: tests },
      to: { path: layer('store'), pathNot: '^lib/$1/' },
    },
    {
      name: 'pure-code-touches-no-world',
      comment: 'kernel, schema and domain read no file and open no connection',
      severity: 'error',
      from: { path: ['^lib/kernel/', layer('schema', 'domain')], pathNot: tests },
      to: { path: [outsideWorld, '^node_modules/(pg|bullmq|ioredis|@prisma)/'] },
    },
    ...features.slice(0, -1).map((name, index) => ({
      name: `${name}-is-before-later-features`,
      comment: 'a feature may use those before it; what it must cause in a later one goes through lib/wiring.ts',
      severity: 'error',
      from: { path: `^lib/${name}/`, pathNot: tests },
      to: { path: `^lib/(${features.slice(index + 1).join('|')})/` },
    })),
    {
      name: 'no-cycle',
      severity: 'error',
      from: {},
      // lib/wiring.ts is looked up while an event is appended, not when modules load.
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only', 'dynamic-import'] } },
    },
    { name: 'everything-resolves', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^@/lib/platform/db/generated' } },
    {
      name: 'only-platform-makes-clients',
      comment: 'a pool or Prisma client made elsewhere escapes limits and shutdown',
      severity: 'error',
      from: { path: '^(app|components|lib)/', pathNot: [...tests, '^lib/(platform|jobs)/'] },
      to: { path: '^node_modules/(pg|ioredis|@prisma/adapter-pg)/', dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.next|dist|sdk/dist|\\.data|lib/platform/db/generated)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
};
