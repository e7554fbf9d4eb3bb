import { afterAll, beforeAll } from 'vitest'
import { describeJobs } from './contract.ts'
import { benchTest } from './testing-bench.ts'
import { describeOutages } from './testing-outages.ts'
import { testDatabase, type TestDatabase } from './testing-servers.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
}, 300_000)
afterAll(() => database?.close())

const place = () => ({ databaseUrl: database.url, redisUrl: null })
describeJobs('PostgreSQL', place)
describeOutages(benchTest(place))
