/** One's own profile. */
import * as users from '@ashlar/sdk/users'
import { call } from '../../frame/api.ts'
import { longText, text } from '../../frame/fields.tsx'
import { ApiForm } from '../../frame/form.tsx'
import { Screen, Section } from '../../frame/screen.tsx'
import { renewSession, useMe } from '../../frame/session.ts'
import { useWords } from '../../frame/words.ts'
import { usersWords } from './words.ts'

export default function ProfileScreen() {
  const words = useWords(usersWords)
  const me = useMe()
  return (
    <Screen title={words.profile}>
      <Section title={me.email}>
        <ApiForm
          key={me.id}
          fields={{
            name: text({
              label: words.name,
              initial: me.name ?? '',
              maxLength: 100,
              autoComplete: 'name',
            }),
            bio: longText({ label: words.bio, initial: me.bio ?? '' }),
          }}
          submit={words.save}
          done={words.saved}
          send={({ name, bio }) =>
            call(users.updateMe, { body: { name: name || null, bio: bio || null } })
          }
          onDone={renewSession}
        />
      </Section>
    </Screen>
  )
}
