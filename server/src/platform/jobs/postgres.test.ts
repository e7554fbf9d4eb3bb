import { afterAll, beforeAll } from 'vitest'
import { describeJobs } from './contract.ts'
import { testDatabase, type TestDatabase } from './testing-servers.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
}, 300_000)
afterAll(() => database?.close())

describeJobs('PostgreSQL', () => ({ databaseUrl: database.url, redisUrl: null }))
