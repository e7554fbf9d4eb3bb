// Who may open which door. One line per room; a room not listed opens no other door.
const doors = {
  users: [],
  access: ['users'],
  twofa: ['users'],
  auth: ['users', 'access', 'twofa'],
  oidc: ['users', 'access', 'auth'],
  privacy: ['users', 'access', 'auth', 'admin'],
  audit: ['users'],
  admin: ['users', 'access', 'auth', 'twofa'],
  impersonation: ['users', 'access', 'auth'],
  invitations: ['users', 'access', 'auth'],
  monitoring: [],
  inbox: [],
  ledger: [],
  jobs: [],
  mail: ['users'],
  reconciliation: ['inbox', 'ledger'],
  payments: ['users', 'inbox', 'ledger', 'reconciliation'],
  refunds: ['users', 'inbox', 'payments', 'ledger', 'reconciliation'],
  operations: ['mail', 'monitoring', 'inbox', 'reconciliation', 'disputes'],
  disputes: ['users', 'inbox', 'payments', 'ledger', 'reconciliation'],
}
const known = Object.keys(doors).join('|')
const tests = '([.]test|testing[^/]*|[.]child|contract)[.]ts$'
const drivers =
  '(pg|ioredis|bullmq|nodemailer|@aws-sdk|@node-rs|jose|openid-client|stripe|prom-client|pino)'

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'platform-knows-no-room',
      severity: 'error',
      from: { path: '^server/src/platform/', pathNot: tests },
      to: { path: '^server/src/(features|app|cli)/' },
    },
    {
      name: 'rooms-do-not-know-the-app',
      severity: 'error',
      from: { path: '^server/src/features/', pathNot: tests },
      to: { path: '^server/src/(app|cli)/' },
    },
    {
      name: 'front-door-only',
      severity: 'error',
      from: { path: '^server/src/features/([^/]+)/' },
      to: {
        path: '^server/src/features/[^/]+/',
        pathNot: [
          '^server/src/features/$1/',
          '^server/src/features/[^/]+/(index|testing[^/]*)[.]ts$',
        ],
      },
    },
    {
      name: 'the-app-uses-front-doors',
      severity: 'error',
      from: { path: '^server/src/(app|cli)/', pathNot: tests },
      to: { path: '^server/src/features/[^/]+/', pathNot: '/index[.]ts$' },
    },
    {
      name: 'testing-helpers-only-in-tests',
      severity: 'error',
      from: { pathNot: `(${tests}|vitest[.]config[.]ts$)` },
      to: { path: '/testing[^/]*[.]ts$' },
    },
    {
      name: 'routes-do-not-query',
      severity: 'error',
      from: { path: '^server/src/features/.*routes[.]ts$' },
      to: { path: 'node_modules/drizzle-orm' },
    },
    {
      name: 'drivers-only-in-platform',
      severity: 'error',
      from: { path: '^server/src/(features|app|cli)/', pathNot: `(${tests}|app/database[.]ts$)` },
      to: { path: `node_modules/${drivers}/` },
    },
    {
      name: 'twins-share-no-code',
      severity: 'error',
      from: { path: '^twins/' },
      to: { path: '^server/' },
    },
    {
      // Neither ours nor a package nor Node's own modules: it runs in browsers, and brings nothing along.
      name: 'the-sdk-stands-alone',
      severity: 'error',
      from: { path: '^sdk/src/', pathNot: tests },
      to: { path: '^(?!sdk/src/)' },
    },
    {
      name: 'the-frame-knows-no-room',
      severity: 'error',
      from: { path: '^web/src/frame/' },
      to: { path: '^web/src/(app|rooms)/' },
    },
    {
      name: 'screens-know-their-room-and-the-frame',
      severity: 'error',
      from: { path: '^web/src/rooms/([^/]+)/' },
      to: { path: '^web/src/(app/|rooms/(?!$1/))' },
    },
    {
      // The console and the portal are clients like any other: what they need, the API offers everybody.
      name: 'the-web-uses-only-the-sdk',
      severity: 'error',
      from: { path: '^web/src/' },
      to: { path: '^(server|twins|e2e)/' },
    },
    {
      name: 'the-server-does-not-use-its-client',
      severity: 'error',
      from: { path: '^server/src/' },
      to: { path: '^(sdk|web)/' },
    },
    {
      name: 'twins-only-in-tests',
      severity: 'error',
      from: { path: '^server/src/', pathNot: tests },
      to: { path: '^twins/' },
    },
    {
      name: 'the-tour-is-a-stranger',
      severity: 'error',
      from: { path: '^server/src/tour/' },
      to: {
        path: '^server/src/(features|platform)/',
        pathNot: '^server/src/platform/config/index[.]ts$',
      },
    },
    {
      name: 'every-room-is-listed',
      severity: 'error',
      from: { path: `^server/src/features/(?!(${known})/)` },
      to: {},
    },
    ...Object.entries(doors).map(([room, open]) => ({
      name: `doors-of-${room}`,
      severity: 'error',
      from: { path: `^server/src/features/${room}/`, pathNot: tests },
      to: {
        path: '^server/src/features/',
        pathNot: `^server/src/features/(${[room, ...open].join('|')})/`,
      },
    })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
