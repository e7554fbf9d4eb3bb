/** One account, as administrators read it. */
import type * as admin from '@ashlar/sdk/admin'

export type Account = Awaited<ReturnType<typeof admin.getUser>>
