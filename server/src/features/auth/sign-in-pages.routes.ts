/** The pages that sign in: by everything there is, and by a mailed link. Opening either signs nobody in. */
import type { App } from '../../platform/http/index.ts'
import { definePage, servePages } from '../../platform/http/worded-pages.ts'
import {
  secondStepForm,
  secondStepProblems,
  secondStepScript,
  secondStepWords,
} from './page-scripts.ts'

const signIn = definePage({
  path: '/sign-in',
  words: {
    en: {
      ...secondStepWords.en,
      title: 'Sign in',
      heading: 'Sign in',
      name: 'E-mail address or username',
      password: 'Password',
      enter: 'Sign in',
      mail: 'Mail me a link',
      provider: 'Sign in with {provider}',
      forgotten: 'Forgotten your password?',
      mailed: 'If there is an account with this address, a mail with a link is on its way.',
      needed: 'Type in your e-mail address first.',
      refused: 'That did not work ({code}). Sign in another way.',
    },
    de: {
      ...secondStepWords.de,
      title: 'Anmelden',
      heading: 'Anmelden',
      name: 'E-Mail-Adresse oder Benutzername',
      password: 'Passwort',
      enter: 'Anmelden',
      mail: 'Link per Mail schicken',
      provider: 'Anmelden mit {provider}',
      forgotten: 'Passwort vergessen?',
      mailed: 'Wenn es ein Konto mit dieser Adresse gibt, ist eine Mail mit einem Link unterwegs.',
      needed: 'Geben Sie zuerst Ihre E-Mail-Adresse ein.',
      refused: 'Das hat nicht geklappt ({code}). Melden Sie sich auf andere Art an.',
    },
  },
  problems: {
    de: {
      ...secondStepProblems.de,
      'auth.invalid_credentials':
        'Name oder Passwort stimmen nicht. Haben Sie Ihre Adresse schon bestätigt?',
      'oidc.access_denied': 'Sie haben dort abgelehnt.',
      'oidc.provider_unavailable':
        'Der Anbieter antwortet nicht. Versuchen Sie es gleich noch einmal.',
      'oidc.email_not_verified': 'Der Anbieter sagt nicht, dass Ihre Adresse bestätigt ist.',
      'oidc.registration_closed': 'Neue Konten gibt es nur auf Einladung.',
      'oidc.account_exists':
        'Es gibt ein Konto mit dieser Adresse. Melden Sie sich auf andere Art an und verknüpfen Sie den Anbieter dann.',
      'oidc.identity_removed': 'Diese Verknüpfung wurde von ihrem Konto entfernt.',
    },
  },
  body: (words) => `<h1>${words.heading}</h1>
<form id="first"><label for="email">${words.name}</label><input id="email" name="email" autocomplete="username webauthn" required maxlength="320">
<label for="password">${words.password}</label><input id="password" name="password" type="password" autocomplete="current-password" required maxlength="1024">
<button>${words.enter}</button> <button type="button" id="mail" class="quiet">${words.mail}</button></form>
<div id="others"><button type="button" id="passkey" class="quiet" hidden>${words.passkey}</button></div>
<p><a href="/forgot-password">${words.forgotten}</a></p>
${secondStepForm(words)}
<p role="status" aria-live="polite"></p>`,
  script: `${secondStepScript}
const first=$('#first'),others=$('#others'),all=()=>document.querySelectorAll('button');
async function by(path,given){const{ok,body}=await sendAsMe(path,given);if(ok)enter(body.data);else tell(body)}
first.addEventListener('submit',(event)=>{event.preventDefault();
void during(all(),()=>by('/auth/login',{email:first.email.value,password:first.password.value}))});
$('#mail').addEventListener('click',()=>during(all(),async()=>{const email=first.email.value.trim();
if(!email.includes('@')){first.email.focus();say(words.needed);return}
const{ok,body}=await send('/auth/magic-link',{email});if(ok)say(words.mailed);else tell(body)}));
$('#passkey').hidden=!knowsPasskeys;
$('#passkey').addEventListener('click',()=>during(all(),async()=>{const passkey=await askPasskey('/auth/passkeys/sign-in/options');
if(passkey)await by('/auth/passkeys/sign-in',{passkey})}));
async function offer(){for(const{id,name}of(await call('/oidc/providers')).body.data){const button=document.createElement('button');
button.type='button';button.className='quiet';button.textContent=words.provider.replace('{provider}',name);others.append(' ',button);
button.addEventListener('click',()=>during(all(),async()=>{const{ok,body}=await sendAsMe('/oidc/'+id+'/start',{redirectTo:location.origin+location.pathname+location.search});
if(ok)location.assign(body.data.authorizationUrl);else tell(body)}))}}
async function arrive(){await offer();const error=fragment.get('error');
if(error){say(words.problems[error]??words.refused.replace('{code}',error));return}
if(fragment.has('pendingToken')){enter({twoFactorRequired:true,pendingToken:fragment.get('pendingToken'),methods:fragment.get('methods').split(',')});return}
const{ok,body}=await call('/users/me');if(ok)enter({user:body.data})}
arrive().catch(()=>say(words.unreachable));`,
})

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
  servePages(app, [signIn, signInLink])
}
