/** The page behind a mailed link that signs in. Opening it signs nobody in. */
import type { App } from '../../platform/http/index.ts'
import { definePage, servePages } from '../../platform/http/worded-pages.ts'
import {
  secondStepForm,
  secondStepProblems,
  secondStepScript,
  secondStepWords,
} from './page-scripts.ts'

const signInLink = definePage({
  path: '/sign-in-link',
  words: {
    en: {
      ...secondStepWords.en,
      title: 'Sign in',
      heading: 'Sign in',
      lead: 'One click, and you are signed in here.',
      enter: 'Sign in',
    },
    de: {
      ...secondStepWords.de,
      title: 'Anmelden',
      heading: 'Anmelden',
      lead: 'Ein Klick, und Sie sind hier angemeldet.',
      enter: 'Anmelden',
    },
  },
  problems: {
    de: {
      ...secondStepProblems.de,
      'auth.invalid_sign_in_link':
        'Dieser Link gilt nicht mehr. Lassen Sie sich einen neuen schicken.',
    },
  },
  body: (words) => `<h1>${words.heading}</h1><p>${words.lead}</p>
<button type="button">${words.enter}</button>
${secondStepForm(words)}
<p role="status" aria-live="polite"></p>`,
  script: `${secondStepScript}
const button=$('main>button');
if(!token){button.disabled=true;say(words.incomplete)}
button.addEventListener('click',()=>during([button],async()=>{const{ok,body}=await sendAsMe('/auth/magic-link/sign-in',{token});
if(ok)enter(body.data);else tell(body)}));`,
})

export async function signInPages(app: App) {
  servePages(app, [signInLink])
}
