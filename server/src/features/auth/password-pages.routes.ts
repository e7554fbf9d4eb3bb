/** The pages of a forgotten password: asking for the link, and where it leads. Opening either changes nothing. */
import type { App } from '../../platform/http/index.ts'
import { definePage, servePages } from '../../platform/http/worded-pages.ts'

/** Sends what is in the form, and says what came of it. */
const sendForm = `const form=$('form'),button=$('form button');
const submit=(path,fields)=>during([button],async()=>{const{ok,status,body}=await send(path,fields());
if(!ok){tell(body);return status!==400}
form.hidden=true;say(words.done);leadOn('/sign-in',words.toSignIn)});`

const forgotPassword = definePage({
  path: '/forgot-password',
  words: {
    en: {
      title: 'Forgotten password',
      heading: 'Forgotten your password?',
      lead: 'We mail you a link that sets a new one.',
      email: 'E-mail address',
      send: 'Send the link',
      done: 'If there is an account with this address, a mail with a link is on its way.',
    },
    de: {
      title: 'Passwort vergessen',
      heading: 'Passwort vergessen?',
      lead: 'Wir schicken Ihnen einen Link, mit dem Sie ein neues setzen.',
      email: 'E-Mail-Adresse',
      send: 'Link schicken',
      done: 'Wenn es ein Konto mit dieser Adresse gibt, ist eine Mail mit einem Link unterwegs.',
    },
  },
  problems: { de: {} },
  body: (words) => `<h1>${words.heading}</h1><p>${words.lead}</p>
<form><label for="email">${words.email}</label><input id="email" name="email" type="email" autocomplete="username" required maxlength="320">
<button>${words.send}</button></form><p role="status" aria-live="polite"></p>`,
  script: `${sendForm}
form.addEventListener('submit',(event)=>{event.preventDefault();void submit('/auth/forgot-password',()=>({email:form.email.value}))});`,
})

const resetPassword = definePage({
  path: '/reset-password',
  words: {
    en: {
      title: 'New password',
      heading: 'Set a new password',
      password: 'New password',
      rule: 'Long ones are good: a few unrelated words, for example.',
      set: 'Set the password',
      done: 'Your password is set, and every device is signed out. You can sign in now.',
    },
    de: {
      title: 'Neues Passwort',
      heading: 'Neues Passwort setzen',
      password: 'Neues Passwort',
      rule: 'Lange sind gut: zum Beispiel einige Wörter, die nichts miteinander zu tun haben.',
      set: 'Passwort setzen',
      done: 'Ihr Passwort ist gesetzt, alle Geräte sind abgemeldet. Sie können sich jetzt anmelden.',
    },
  },
  problems: {
    de: {
      'auth.invalid_reset_token':
        'Dieser Link gilt nicht mehr. Lassen Sie sich einen neuen schicken.',
      'auth.weak_password':
        'Dieses Passwort ist zu schwach. Nehmen Sie ein längeres, das niemand errät: einige Wörter, die nichts miteinander zu tun haben.',
    },
  },
  body: (words) => `<h1>${words.heading}</h1>
<form><label for="password">${words.password}</label><input id="password" name="password" type="password" autocomplete="new-password" required maxlength="256" aria-describedby="rule">
<p class="hint" id="rule">${words.rule}</p>
<button>${words.set}</button></form><p role="status" aria-live="polite"></p>`,
  script: `${sendForm}
if(!token){button.disabled=true;say(words.incomplete)}
form.addEventListener('submit',(event)=>{event.preventDefault();void submit('/auth/reset-password',()=>({token,password:form.password.value}))});`,
})

export async function passwordPages(app: App) {
  servePages(app, [forgotPassword, resetPassword])
}
