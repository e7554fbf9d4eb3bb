/** Who may see what of a profile. */
import * as users from '@ashlar/sdk/users'
import { Text } from '@mantine/core'
import { call } from '../../frame/api.ts'
import { choice } from '../../frame/fields.tsx'
import { ApiForm } from '../../frame/form.tsx'
import { type Me, renewSession } from '../../frame/session.ts'
import { useWords } from '../../frame/words.ts'
import { profileWords } from './profile-words.ts'

const audiences = ['public', 'members', 'nobody'] as const
type Audience = (typeof audiences)[number]

export function PrivacyForm({ me: { privacy } }: { readonly me: Me }) {
  const words = useWords(profileWords)
  const options = audiences.map((value) => ({ value, label: words[value] }))
  const field = (name: keyof Me['privacy'], label: string, hint: string) =>
    choice({ label, hint, initial: privacy[name], required: true, options })
  return (
    <>
      <Text size="sm" c="dimmed" maw="40rem">
        {words.privacyLead}
      </Text>
      <ApiForm
        fields={{
          profile: field('profile', words.whole, words.wholeHint),
          name: field('name', words.name, words.nameHint),
          email: field('email', words.email, words.emailHint),
          bio: field('bio', words.bio, words.bioHint),
          avatar: field('avatar', words.avatarWho, words.avatarWhoHint),
        }}
        submit={words.save}
        done={words.saved}
        send={(chosen) =>
          call(users.updateMe, {
            body: {
              privacy: {
                profile: audienceOf(chosen.profile),
                name: audienceOf(chosen.name),
                email: audienceOf(chosen.email),
                bio: audienceOf(chosen.bio),
                avatar: audienceOf(chosen.avatar),
              },
            },
          })
        }
        onDone={renewSession}
      />
    </>
  )
}

/** A list that cannot be emptied has one of its options; the narrowest stands for what is none of them. */
const audienceOf = (chosen: string | null): Audience =>
  audiences.find((audience) => audience === chosen) ?? 'nobody'
