import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { Spread } from './e2e/order.ts'

export default defineConfig({
  test: {
    include: [
      'server/src/**/*.test.ts',
      'sdk/**/*.test.ts',
      'twins/src/**/*.test.ts',
      'web/src/**/*.test.ts',
      'bench/**/*.test.ts',
      'deploy/**/*.test.ts',
      'e2e/**/*.test.ts',
    ],
    globalSetup: ['./server/src/app/testing-database.ts', './e2e/built-web.ts'],
    setupFiles: ['./server/src/app/testing-setup.ts'],
    // Files share one worker per core and nothing else: no module keeps state.
    isolate: false,
    pool: 'forks',
    // Tests start the product a hundred times; what was compiled once is not compiled again.
    env: {
      NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url)),
    },
    // On two cores two of them left a third of the time unused, in which both waited for something.
    maxWorkers: 3,
    sequence: { sequencer: Spread },
    // Nothing takes so long: these are for a test that hangs, on a machine ten times slower than this one.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    teardownTimeout: 20_000,
    coverage: {
      provider: 'v8',
      include: ['server/src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/*.types.ts', '**/testing*.ts', '**/*.child.ts'],
      reporter: ['text', 'json-summary'],
      thresholds: { lines: 80, branches: 75, functions: 80, statements: 80 },
    },
  },
})
