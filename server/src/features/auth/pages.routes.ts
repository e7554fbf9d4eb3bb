/** The page behind the link in a verification mail. Opening it changes nothing; its button does (mail scanners open links). */
import type { App } from '../../platform/http/index.ts'
import { definePage, servePages } from '../../platform/http/worded-pages.ts'

const verifyEmail = definePage({
  path: '/verify-email',
  words: {
    en: {
      title: 'Confirm your address',
      heading: 'Confirm your e-mail address',
      lead: 'One click, and your account is ready.',
      confirm: 'Confirm my address',
      done: 'Your address is confirmed. You can sign in now.',
    },
    de: {
      title: 'Adresse bestätigen',
      heading: 'Bestätigen Sie Ihre E-Mail-Adresse',
      lead: 'Ein Klick, und Ihr Konto ist bereit.',
      confirm: 'Adresse bestätigen',
      done: 'Ihre Adresse ist bestätigt. Sie können sich jetzt anmelden.',
    },
  },
  problems: {
    de: {
      'auth.invalid_verification':
        'Dieser Link gilt nicht mehr. Lassen Sie sich eine neue Mail schicken.',
    },
  },
  body: (words) => `<h1>${words.heading}</h1><p>${words.lead}</p>
<button type="button">${words.confirm}</button><p role="status" aria-live="polite"></p>`,
  script: `const button=$('button');
if(!token){button.disabled=true;say(words.incomplete)}
button.addEventListener('click',()=>during([button],async()=>{const{ok,status,body}=await send('/auth/verify-email',{token});
if(!ok){tell(body);return status===429}
button.hidden=true;say(words.done);leadOn('/sign-in',words.toSignIn)}));`,
})

export async function authPages(app: App) {
  servePages(app, [verifyEmail])
}
