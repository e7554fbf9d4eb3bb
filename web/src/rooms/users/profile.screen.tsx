/** One's own profile. */
import { Screen, Section } from '../../frame/screen.tsx'
import { useMe } from '../../frame/session.ts'
import { useWords } from '../../frame/words.ts'
import { EmailChange } from './profile-email.tsx'
import { ProfileForm } from './profile-form.tsx'
import { PrivacyForm } from './profile-privacy.tsx'
import { profileWords } from './profile-words.ts'

export default function ProfileScreen() {
  const words = useWords(profileWords)
  const me = useMe()
  return (
    <Screen title={words.profile} lead={words.lead}>
      <Section title={words.about}>
        <ProfileForm key={me.id} me={me} />
      </Section>
      <EmailChange me={me} />
      <Section title={words.privacy}>
        <PrivacyForm key={me.id} me={me} />
      </Section>
    </Screen>
  )
}
