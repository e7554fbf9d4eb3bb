/** Around screens that stand alone: signing in, and what mails lead to. */
import { Container, Group, Paper, Stack } from '@mantine/core'
import { Outlet } from '@tanstack/react-router'
import { Brand } from './brand.tsx'
import { LanguageChoice } from './language-choice.tsx'

export default function PlainShell() {
  return (
    <Container size={460} py="xl" component="main">
      <Stack>
        <Group justify="space-between">
          <Brand to="/" />
          <LanguageChoice />
        </Group>
        <Paper withBorder p={{ base: 'md', xs: 'xl' }} radius="md">
          <Outlet />
        </Paper>
      </Stack>
    </Container>
  )
}
