/** The PostgreSQL of a test run: one embedded server, one migrated template, a copy per test file. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '../platform/db/embedded/index.ts'
import { schemaParts } from './database.ts'
import { migrate } from '../platform/db/migrate.ts'

declare module 'vitest' {
  interface ProvidedContext {
    database: { adminUrl: string; ownerUrl: string; appUrl: string }
  }
}

/** Tests need answers, not durability. */
const parameters = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '400',
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'ashlar-test-'))
  const postgres = await startEmbeddedPostgres({ dataDir, database: 'template_ashlar', parameters })
  await migrate({ ownerUrl: postgres.ownerUrl, appRole: 'ashlar_app', ...schemaParts })
  const { adminUrl, ownerUrl, appUrl } = postgres
  project.provide('database', { adminUrl, ownerUrl, appUrl })
  return async () => {
    await postgres.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}
