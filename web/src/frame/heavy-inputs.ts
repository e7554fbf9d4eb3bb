/** Inputs that weigh more than a sign-in: loaded with the first form that has one. */
export { Checkbox, MultiSelect, NumberInput, Select, Switch, Textarea } from '@mantine/core'
