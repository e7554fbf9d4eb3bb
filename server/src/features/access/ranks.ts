/**
 * Ranks: who stands above whom. Above is who may do all that another may, and more; names and numbers play no part.
 * Rules are those of two people, each with what they mean for them.
 */
import { type Rule, covers, everyPermission } from '../../platform/rights/index.ts'

/** Whether somebody with these rules may do everything that the others permit, and something that they do not. */
export const isAbove = (rules: readonly Rule[], others: readonly Rule[]): boolean =>
  coversAll(rules, others) && !coversAll(others, rules)

/** Whether somebody with these rules may change the account of somebody with the others: from above, or with every right there is. */
export const mayActOn = (rules: readonly Rule[], others: readonly Rule[]): boolean =>
  rules.some(({ permission }) => permission === everyPermission) || isAbove(rules, others)

const coversAll = (rules: readonly Rule[], others: readonly Rule[]) =>
  others.every((rule) => covers(rules, rule))
