/** Money: whole numbers of an asset's smallest unit, how they are shared out and how they look in JSON. */
export { type Asset, assets, isAsset, scaleOf } from './assets.ts'
export { moneyErrors } from './errors.ts'
export {
  type Money,
  add,
  compare,
  maxAmount,
  money,
  requirePositive,
  subtract,
  zero,
} from './money.ts'
export { type Split, allocate, splitCommission, splitRefund } from './split.ts'
export { AssetCode, Currency, MoneyView, parseMoney, presentMoney } from './wire.ts'
