/** Ranks: who stands above whom. Above is who may do all that another may, and more; names and numbers play no part. */
import { isRole, mayGrant, permits } from './roles.ts'

/** Whether somebody in these roles may do everything that the others permit, and something that they do not. */
export const isAbove = (roles: readonly string[], others: readonly string[]): boolean =>
  covers(roles, others) && !covers(others, roles)

/** Whether somebody in these roles may change the account of somebody in the others: from above, or with every right there is. */
export const mayActOn = (roles: readonly string[], others: readonly string[]): boolean =>
  permits(roles)('*') || isAbove(roles, others)

function covers(roles: readonly string[], others: readonly string[]): boolean {
  const can = permits(roles)
  // A role that was taken out of the product permits nothing.
  return others.filter(isRole).every((role) => mayGrant(can, role))
}
