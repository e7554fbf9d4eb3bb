/** Settings of the identity providers whose users may sign in, and whose access tokens are accepted. */
import { secret, text, url } from '../kinds.ts'
import { httpsProviders, findProviderComplaint } from '../oidc-providers.ts'
import { httpsOnly, issuedSecret } from '../production-rules.ts'

const WEB = ['http:', 'https:']

export const oidcSettings = {
  OIDC_PROVIDERS: secret({
    doc: 'Identity providers found by discovery, as a JSON list: docs/sign-in-providers.md says what is in an entry.',
    expects: 'a JSON list of providers',
    complaint: findProviderComplaint,
    production: httpsProviders(),
  }),
  OIDC_GOOGLE_CLIENT_ID: text({
    doc: 'Client for signing in with Google; unset, it is not offered.',
    aliases: ['GOOGLE_CLIENT_ID'],
    example: '1234567890-abc.apps.googleusercontent.com',
  }),
  OIDC_GOOGLE_CLIENT_SECRET: secret({
    doc: 'Secret of that client.',
    aliases: ['GOOGLE_CLIENT_SECRET'],
    production: issuedSecret('Google'),
  }),
  OIDC_GITHUB_CLIENT_ID: text({
    doc: 'OAuth app for signing in with GitHub; unset, it is not offered.',
    aliases: ['GITHUB_CLIENT_ID'],
    example: 'Iv1.0123456789abcdef',
  }),
  OIDC_GITHUB_CLIENT_SECRET: secret({
    doc: 'Secret of that OAuth app.',
    aliases: ['GITHUB_CLIENT_SECRET'],
    production: issuedSecret('GitHub'),
  }),
  OIDC_GITHUB_URL: url({
    doc: 'Address of GitHub, for a GitHub Enterprise server of your own.',
    default: 'https://github.com',
    protocols: WEB,
    isPlain: true,
    production: httpsOnly(),
  }),
  COGNITO_USER_POOL_ID: text({
    doc: 'Amazon Cognito user pool whose users may sign in and whose access tokens are accepted.',
    example: 'eu-central-1_AbCdEfGhI',
    pattern: /^[a-z]{2}(?:-[a-z]+)+-\d_[0-9A-Za-z]+$/,
    expects: 'a pool id like eu-central-1_AbCdEfGhI',
  }),
  COGNITO_CLIENT_ID: text({
    doc: 'Client of that pool for which tokens must have been issued.',
    pattern: /^[\w+]{1,128}$/,
    expects: 'a client id of letters and digits',
  }),
  COGNITO_CLIENT_SECRET: secret({
    doc: 'Secret of that client, if it has one.',
    production: issuedSecret('Cognito'),
  }),
  COGNITO_ISSUER: url({
    doc: 'Issuer of the pool’s tokens, where a stand-in takes the place of Amazon.',
    default: {
      says: 'the pool’s own at Amazon',
      from: (lookup) => {
        const pool = String(lookup('COGNITO_USER_POOL_ID') ?? '')
        const [region = ''] = pool.split('_')
        return `https://cognito-idp.${region}.amazonaws.com/${pool}`
      },
    },
    protocols: WEB,
    isPlain: true,
    production: httpsOnly(),
  }),
}
