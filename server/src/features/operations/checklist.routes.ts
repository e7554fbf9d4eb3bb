/** HTTP: the checklist of a first run. */
import { Type } from 'typebox'
import { accessErrors } from '../../platform/http/errors.ts'
import { type App, dataOf } from '../../platform/http/index.ts'
import { choice, nullable } from '../../platform/http/schemas.ts'
import { type Row, parts, readChecklist, testPart } from './checklist.ts'
import { findings, states } from './findings.ts'

const RowView = Type.Object({
  part: choice(parts),
  state: choice(states, '`off`: not set up, and nothing is wrong with that.'),
  finding: choice(findings, 'What was found, for programs; its values beside it.'),
  values: Type.Record(Type.String(), Type.String(), {
    description: 'What the words hold. `said` is what the other side answered.',
  }),
  detail: Type.String({ description: 'What was found.' }),
  remedy: nullable(Type.String({ description: 'What to do about it.' })),
})

export async function checklistRoutes(app: App) {
  app.get('/admin/checklist', {
    config: { can: 'operations.check' },
    schema: {
      operationId: 'operations.checklist',
      summary: 'What is set up, and what is to be done',
      response: { 200: dataOf(Type.Array(RowView)) },
    },
    handler: async ({ ctx }) => ({ data: (await readChecklist(ctx)).map(present) }),
  })

  app.post('/admin/checklist/:part/test', {
    config: {
      can: 'operations.check',
      idempotency: 'off',
      limits: [{ policy: 'operations_test_user', by: 'user' }],
      errors: [accessErrors.session_required],
    },
    schema: {
      operationId: 'operations.testPart',
      summary: 'Try a part of the checklist',
      description:
        'Mail: to your own address. Storage: an object is written, read and deleted. Payments: the provider is asked for its balance. Signing key: something is signed and verified. Alerts: a mail to each of their addresses.',
      params: Type.Object({ part: choice(parts) }),
      response: { 200: dataOf(RowView) },
    },
    handler: async ({ ctx, params }) => ({ data: present(await testPart(ctx, params.part)) }),
  })
}

const present = ({ values, ...row }: Row) => ({ ...row, values: { ...values } })
