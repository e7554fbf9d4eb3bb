/** The name of the house, and the way to its start. */
import { Group, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import mark from '../ashlar.svg'

export const Brand = ({ to }: { readonly to: string }) => (
  <Link to={to} style={{ textDecoration: 'none', color: 'inherit' }}>
    <Group gap="xs" wrap="nowrap">
      <img src={mark} width={28} height={28} alt="" />
      <Text fw={700} size="lg">
        Ashlar
      </Text>
    </Group>
  </Link>
)
