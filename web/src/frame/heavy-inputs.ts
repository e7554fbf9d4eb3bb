/** Inputs that weigh more than a sign-in: loaded with the first form that has one. */
export { Autocomplete, MultiSelect, NumberInput, Select } from '@mantine/core'
