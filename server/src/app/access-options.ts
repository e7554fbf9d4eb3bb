/** What the access room is told of the others: every permission, what rules may say, and whom they are about. */
import { isHeldBack } from '../features/auth/index.ts'
import { attributesOfUser } from '../features/users/index.ts'
import { permissions, reaches } from './rooms.ts'
import { serviceScopes } from './service-scopes.ts'

export const accessOptions = {
  permissions,
  serviceScopes,
  shapes: reaches,
  attributes: { users: attributesOfUser },
  isHeldBack,
}
