/** How the web application is built, and served while somebody works on it. */
import path from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const at = (folder: string) => path.resolve(import.meta.dirname, folder)
const server = process.env['ASHLAR_URL'] ?? 'http://localhost:5000'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  resolve: {
    alias: [
      { find: /^@ashlar\/sdk$/, replacement: at('../sdk/src/index.ts') },
      { find: /^@ashlar\/sdk\/(.+)$/, replacement: at('../sdk/src/generated/$1.ts') },
    ],
  },
  build: {
    outDir: at('../server/dist/web'),
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    // A strict policy for content allows no `data:` scripts or styles; small pictures stay files, too.
    assetsInlineLimit: 0,
    // The first screen would carry a list of what every other one needs. Those ask for it themselves, all but style sheets.
    modulePreload: {
      resolveDependencies: (_file, needed, { hostType }) =>
        hostType === 'js' ? needed.filter((name) => name.endsWith('.css')) : needed,
    },
    // What a person waits for is measured as it is sent (scripts/web-budget.ts).
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_000,
    sourcemap: false,
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/health', '/storage', '/mailbox'].map((prefix) => [prefix, server]),
    ),
  },
})
