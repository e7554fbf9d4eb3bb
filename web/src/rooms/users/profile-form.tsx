/** What one says of oneself. */
import * as users from '@ashlar/sdk/users'
import { call } from '../../frame/api.ts'
import { type Option, choice, longText, text } from '../../frame/fields.tsx'
import { ApiForm } from '../../frame/form.tsx'
import { type Me, renewSession } from '../../frame/session.ts'
import { languageNames, languages, useWords } from '../../frame/words.ts'
import { profileWords } from './profile-words.ts'

export function ProfileForm({ me }: { readonly me: Me }) {
  const words = useWords(profileWords)
  return (
    <ApiForm
      fields={{
        name: text({
          label: words.name,
          initial: me.name ?? '',
          maxLength: 100,
          autoComplete: 'name',
        }),
        username: text({
          label: words.username,
          hint: words.usernameHint,
          initial: me.username ?? '',
          maxLength: 32,
          autoComplete: 'username',
        }),
        bio: longText({ label: words.bio, initial: me.bio ?? '' }),
        avatar: text({
          label: words.avatar,
          hint: words.avatarHint,
          initial: me.avatar ?? '',
          type: 'url',
          maxLength: 2000,
          placeholder: 'https://',
        }),
        locale: choice({
          label: words.locale,
          hint: words.localeHint,
          initial: me.locale,
          required: true,
          options: localesWith(me.locale),
        }),
        timeZone: choice({
          label: words.timeZone,
          initial: me.timeZone,
          options: zonesWith(me.timeZone),
        }),
      }}
      submit={words.save}
      done={words.saved}
      send={({ name, username, bio, avatar, locale, timeZone }) =>
        call(users.updateMe, {
          body: {
            name: name || null,
            bio: bio || null,
            avatar: avatar || null,
            timeZone,
            ...(username && { username }),
            ...(locale && { locale }),
          },
        })
      }
      onDone={renewSession}
    />
  )
}

/** What is set stays a choice, also where this application has no words in it. */
function localesWith(current: string): Option[] {
  const known: Option[] = languages.map((value) => ({ value, label: languageNames[value] }))
  return known.some(({ value }) => value === current)
    ? known
    : [{ value: current, label: current }, ...known]
}

function zonesWith(current: string | null) {
  const known = Intl.supportedValuesOf('timeZone')
  const all = current === null || known.includes(current) ? known : [current, ...known]
  return all.map((value) => ({ value, label: value.replaceAll('_', ' ') }))
}
