/** The ledger's front door. */
export {
  type AccountRef,
  type AccountWithBalance,
  type Balance,
  closeAccount,
  getBalance,
  lockAccounts,
  openAccounts,
} from './accounts.ts'
export { type AccountSpec, chart } from './chart.ts'
export {
  type ClearingPlace,
  type ClearingPosting,
  findClearing,
  listClearing,
  readClearing,
} from './clearing.ts'
export { readLedgerFigures } from './checks.ts'
export { errors as ledgerErrors } from './errors.ts'
export { type Flow, readFlows } from './flows.ts'
export { type Held, type Settled, expireHold, openHold, releaseHold, settleHold } from './holds.ts'
export { type Report, checkLedger } from './invariants.ts'
export { checkByClock, expireHolds } from './jobs.ts'
export { permissions as ledgerPermissions } from './permissions.ts'
export { restrictLedger } from './rights.ts'
export { ledgerRoutes } from './routes.ts'
export { type Entry, type Move, type Posted, post, reverse } from './transactions.ts'
