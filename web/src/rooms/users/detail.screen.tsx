/** One account, for administrators. */
import * as admin from '@ashlar/sdk/admin'
import { usePathId } from '../../frame/address.ts'
import { useRead } from '../../frame/api.ts'
import { Facts } from '../../frame/details.tsx'
import { Copyable, Screen, Section, When, YesNo } from '../../frame/screen.tsx'
import { Shown } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import { AccountState } from './account-state.tsx'
import { usersWords } from './words.ts'

export default function UserScreen() {
  const words = useWords(usersWords)
  const id = usePathId()
  const read = useRead(admin.getUser, { path: { id } })
  return (
    <Shown of={read} lines={10}>
      {(user) => (
        <Screen
          title={user.name ?? user.email}
          trail={[{ title: words.users, to: '/admin/users' }]}
        >
          <Section title={words.profile}>
            <Facts
              facts={[
                [words.email, user.email],
                [words.verified, <YesNo key="" is={user.emailVerified} />],
                [words.username, user.username],
                [words.status, <AccountState key="" of={user} />],
                [words.roles, user.roles.join(', ')],
                [words.lastLogin, <When key="" at={user.lastLoginAt} />],
                [words.created, <When key="" at={user.createdAt} />],
                ['Id', <Copyable key="" text={user.id} />],
              ]}
            />
          </Section>
        </Screen>
      )}
    </Shown>
  )
}
