/** What somebody may do: rules as data, asked as yes or no, as rows of a table and as fields of a row. */
export {
  type Part,
  type Reach,
  type Rights,
  everything,
  narrowed,
  nothing,
  rightsOf,
  rulesThatLet,
} from './rights.ts'
export { type Attributes, type OwnTest, asksFor, rowsWithin } from './rows.ts'
export {
  type Condition,
  type Rule,
  type RuleShape,
  type Who,
  covers,
  everyPermission,
  faultOf,
  operators,
  rulesFor,
} from './rules.ts'
export type { FindThing, Thing } from './thing.ts'
