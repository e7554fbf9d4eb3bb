/** Language and colours, remembered by the browser. */
import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core'
import { IconAdjustments } from '@tabler/icons-react'
import { frameWords } from '../frame/frame-words.ts'
import { chooseLanguage, languageNames, languages, useLanguage, useWords } from '../frame/words.ts'

export function LookChoice() {
  const words = useWords(frameWords)
  const language = useLanguage()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Menu position="bottom-end" width={200} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon
          variant="default"
          size="lg"
          aria-label={`${words.language}, ${words.colorScheme}`}
        >
          <IconAdjustments size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{words.language}</Menu.Label>
        <Menu.RadioGroup
          value={language}
          onChange={(value) => chooseLanguage(value as 'en' | 'de')}
        >
          {languages.map((one) => (
            <Menu.RadioItem key={one} value={one} lang={one}>
              {languageNames[one]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>{words.colorScheme}</Menu.Label>
        <Menu.RadioGroup
          value={colorScheme}
          onChange={(value) => setColorScheme(value as 'light' | 'dark' | 'auto')}
        >
          {(['light', 'dark', 'auto'] as const).map((one) => (
            <Menu.RadioItem key={one} value={one}>
              {words[one]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  )
}
