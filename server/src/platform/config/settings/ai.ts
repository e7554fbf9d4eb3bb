/** Settings of the language model service. */
import { secret } from '../kinds.ts'
import { issuedSecret } from '../production-rules.ts'

export const aiSettings = {
  OPENAI_API_KEY: secret({
    doc: 'Key of the OpenAI-compatible model service; unset, the AI routes are off in production.',
    production: issuedSecret('OpenAI'),
  }),
}
