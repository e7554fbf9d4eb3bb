/** HTTP: how every part is doing, for programs and people who may know why one fails. */
import { Type } from 'typebox'
import { type App, dataOf } from '../../platform/http/index.ts'
import { Health, type HealthReader } from '../../platform/http/health.ts'
import { redactText } from '../../platform/telemetry/index.ts'

/** An error of a driver can be as long as what it was asked. */
const maxReasonLength = 500

export async function adminHealthRoutes(
  app: App,
  { version, readHealth }: { readonly version: string; readonly readHealth: HealthReader },
) {
  app.get('/admin/health', {
    config: { can: 'admin.read_health' },
    schema: {
      operationId: 'admin.health',
      summary: 'How every part is doing, and why one fails',
      description:
        'As `GET /health` tells everybody, with the reasons, of the process that answers. 200 also when something fails: `status` says so.',
      response: {
        200: dataOf(
          Type.Object({
            ...Health.properties,
            reasons: Type.Array(
              Type.Object({
                check: Type.String(),
                reason: Type.String({ description: 'What went wrong, without secrets.' }),
              }),
            ),
          }),
        ),
      },
    },
    handler: async () => {
      const { status, checks, reasons } = await readHealth()
      const told = [...reasons].map(([check, reason]) => ({ check, reason: sayReason(reason) }))
      return { data: { status, version, checks, reasons: told } }
    },
  })
}

/** Several addresses that were tried in vain are an error without a message of its own. */
function sayReason(reason: unknown): string {
  const { message, code } = (reason ?? {}) as { message?: unknown; code?: unknown }
  const said = [reason, message, code].find((text) => typeof text === 'string' && text !== '')
  return redactText(typeof said === 'string' ? said : 'unknown').slice(0, maxReasonLength)
}
