/** Dead letters for tests: a kind of job that is tried once, with an id that nobody can read. */
import { randomUUID } from 'node:crypto'
import { eventually } from '../../app/testing.ts'
import { jobOutbox } from '../../platform/tables.ts'
import { type Server, api } from '../auth/testing.ts'

export const jobsUrl = `${api}/admin/jobs`
export const deadName = 'reconciliation.run'

/** A job of a server that runs jobs, until it is a dead letter there; its id. */
export async function givenDeadLetter(server: Server): Promise<string> {
  const id = randomUUID()
  await server.db.insert(jobOutbox).values({
    id,
    name: deadName,
    payload: { runId: 'nobody', token: 'ash_t_of-somebody' },
    origin: { kind: 'user', id: 'somebody', onBehalfOf: null, requestId: 'the-request' },
    runAt: new Date(),
  })
  server.process.jobs.wake()
  await eventually(async () =>
    (await server.process.jobs.find(id))?.state === 'failed' ? id : null,
  )
  return id
}
