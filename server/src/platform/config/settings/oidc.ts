/** Settings of the external identity provider whose users may sign in. */
import { text } from '../kinds.ts'

export const oidcSettings = {
  COGNITO_USER_POOL_ID: text({
    doc: 'Amazon Cognito user pool whose users may sign in; unset, external tokens are refused.',
    example: 'eu-central-1_AbCdEfGhI',
    pattern: /^[a-z]{2}(?:-[a-z]+)+-\d_[0-9A-Za-z]+$/,
    expects: 'a pool id like eu-central-1_AbCdEfGhI',
  }),
  COGNITO_CLIENT_ID: text({
    doc: 'Client of that pool for which tokens must have been issued.',
    pattern: /^[\w+]{1,128}$/,
    expects: 'a client id of letters and digits',
  }),
}
