/** Every room's screens. The only place that knows them all. */
import type { RoomScreens } from '../frame/room.ts'
import { authScreens } from '../rooms/auth/index.ts'
import { disputesScreens } from '../rooms/disputes/index.ts'
import { inboxScreens } from '../rooms/inbox/index.ts'
import { ledgerScreens } from '../rooms/ledger/index.ts'
import { paymentsScreens } from '../rooms/payments/index.ts'
import { reconciliationScreens } from '../rooms/reconciliation/index.ts'
import { refundsScreens } from '../rooms/refunds/index.ts'
import { setupScreens } from '../rooms/setup/index.ts'
import { usersScreens } from '../rooms/users/index.ts'

export const rooms: readonly RoomScreens[] = [
  authScreens,
  setupScreens,
  usersScreens,
  paymentsScreens,
  refundsScreens,
  disputesScreens,
  ledgerScreens,
  reconciliationScreens,
  inboxScreens,
]
