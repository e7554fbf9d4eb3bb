/** The pages behind the mails of this room: fetching one's data, and keeping one's account. Opening either changes nothing. */
import { passkeyScript, passkeyWords } from '../auth/index.ts'
import type { App } from '../../platform/http/index.ts'
import { definePage, servePages } from '../../platform/http/worded-pages.ts'

const restoreAccount = definePage({
  path: '/restore-account',
  words: {
    en: {
      title: 'Keep your account',
      heading: 'Keep your account?',
      lead: 'It is closed. One click opens it again, and it will not be erased.',
      keep: 'Keep my account',
      done: 'Your account is open again. You can sign in.',
    },
    de: {
      title: 'Konto behalten',
      heading: 'Ihr Konto behalten?',
      lead: 'Es ist geschlossen. Ein Klick öffnet es wieder, und es wird nicht gelöscht.',
      keep: 'Konto behalten',
      done: 'Ihr Konto ist wieder offen. Sie können sich anmelden.',
    },
  },
  problems: {
    de: {
      'privacy.invalid_restore_link':
        'Dieser Link gilt nicht mehr. Er wirkt einmal, bis zu dem Tag in der Mail.',
    },
  },
  body: (words) => `<h1>${words.heading}</h1><p>${words.lead}</p>
<button type="button">${words.keep}</button><p role="status" aria-live="polite"></p>`,
  script: `const button=$('button');
if(!token){button.disabled=true;say(words.incomplete)}
button.addEventListener('click',()=>during([button],async()=>{const{ok,status,body}=await send('/users/restore',{token});
if(!ok){tell(body);return status===429}
button.hidden=true;say(words.done);leadOn('/sign-in',words.toSignIn)}));`,
})

/** Whoever has just signed in is asked for nothing; everybody else for what they have, which need not be a password. */
const yourData = definePage({
  path: '/your-data',
  words: {
    en: {
      ...passkeyWords.en,
      title: 'Your data',
      heading: 'Your data',
      lead: 'Everything that is stored about you, as one archive.',
      fetch: 'Fetch my data',
      show: 'Please show once more that it is you.',
      password: 'Password',
      code: 'Code of your authenticator, or a backup code',
      next: 'Continue',
      provider: 'Sign in again with {provider}',
      again: 'Please sign in again; you come back to this page.',
      signInFirst: 'Please sign in first; you come back to this page.',
      none: 'There is no archive to fetch: each is kept for a week. Ask for a new one.',
      done: 'Your archive is on its way.',
    },
    de: {
      ...passkeyWords.de,
      title: 'Ihre Daten',
      heading: 'Ihre Daten',
      lead: 'Alles, was über Sie gespeichert ist, als ein Archiv.',
      fetch: 'Meine Daten holen',
      show: 'Bitte zeigen Sie noch einmal, dass Sie es sind.',
      password: 'Passwort',
      code: 'Code Ihrer Authenticator-App oder ein Backup-Code',
      next: 'Weiter',
      provider: 'Noch einmal anmelden mit {provider}',
      again: 'Bitte melden Sie sich noch einmal an; Sie kommen auf diese Seite zurück.',
      signInFirst: 'Bitte melden Sie sich zuerst an; Sie kommen auf diese Seite zurück.',
      none: 'Es gibt kein Archiv zu holen: Jedes bleibt eine Woche. Fordern Sie ein neues an.',
      done: 'Ihr Archiv ist unterwegs.',
    },
  },
  problems: {
    de: {
      'auth.wrong_password': 'Das Passwort ist falsch.',
      'auth.passkey_refused': 'Dieser Passkey zeigt nicht, dass Sie es sind.',
      'twofa.code_refused':
        'Dieser Code ist falsch, zu alt oder schon verwendet. Warten Sie auf den nächsten.',
      'twofa.too_many_wrong_codes':
        'Es waren zu viele falsche Codes. Versuchen Sie es später noch einmal.',
      'privacy.export_not_found':
        'Dieses Archiv gibt es nicht mehr. Jedes bleibt eine Woche; fordern Sie ein neues an.',
    },
  },
  body: (words) => `<h1>${words.heading}</h1><p>${words.lead}</p>
<button type="button" id="fetch">${words.fetch}</button>
<form hidden><div id="password-field" hidden><label for="password">${words.password}</label><input id="password" name="password" type="password" autocomplete="current-password" maxlength="1024"></div>
<div id="code-field" hidden><label for="code">${words.code}</label><input id="code" name="code" autocomplete="one-time-code" maxlength="40"></div>
<button id="next" hidden>${words.next}</button> <button type="button" id="passkey" class="quiet" hidden>${words.passkey}</button> <span id="providers"></span></form>
<p role="status" aria-live="polite"></p>`,
  script: `${passkeyScript}
const form=$('form'),all=()=>document.querySelectorAll('button');
const needsSignIn=(text,search)=>{say(text);leadOn('/sign-in?'+search+'to=/your-data',words.toSignIn)};
async function fetchData(){const listed=await call('/users/me/exports');
if(listed.status===401)return needsSignIn(words.signInFirst,'');
if(!listed.ok)return tell(listed.body);
const ready=listed.body.data.find(each=>each.status==='ready');
if(!ready)return say(words.none);
const{ok,body}=await call('/users/me/exports/'+ready.id+'/download');
if(ok){form.hidden=true;location.assign(body.data.url);say(words.done);return leadOn('/account',words.toAccount)}
if(body.code==='access.step_up_required')return askAgain();
tell(body)}
async function askAgain(){const{methods}=(await call('/auth/step-up')).body.data;
const has=(...names)=>names.some(name=>methods.includes(name));
$('#fetch').hidden=true;form.hidden=false;say(words.show);
$('#password-field').hidden=!has('password');$('#code-field').hidden=has('password')||!has('totp','backup_code');
$('#next').hidden=!has('password','totp','backup_code');$('#passkey').hidden=!(knowsPasskeys&&has('passkey'));
if(methods.length===0)await offerProviders()}
async function offerProviders(){const{ok,body}=await call('/oidc/identities');
const known=new Set(ok?body.data.map(each=>each.provider):[]);
const providers=(await call('/oidc/providers')).body.data.filter(({id})=>known.has(id));
if(providers.length===0)return needsSignIn(words.again,'again=1&');
$('#providers').replaceChildren(...providers.map(({id,name})=>{const button=document.createElement('button');
button.type='button';button.className='quiet';button.textContent=words.provider.replace('{provider}',name);
button.addEventListener('click',()=>during(all(),async()=>{const started=await sendAsMe('/oidc/'+id+'/start',{redirectTo:location.origin+location.pathname+location.search});
if(started.ok)location.assign(started.body.data.authorizationUrl);else tell(started.body)}));
return button}))}
async function prove(factor){const{ok,body}=await sendAsMe('/auth/step-up',factor);
if(!ok)return tell(body);
form.reset();await fetchData()}
form.addEventListener('submit',(event)=>{event.preventDefault();const password=form.password.value,code=form.code.value.trim();
void during(all(),()=>prove(password?{password}:/^[0-9]{3} ?[0-9]{3}$/.test(code)?{code}:{backupCode:code}))});
$('#passkey').addEventListener('click',()=>during(all(),async()=>{const passkey=await askPasskey('/auth/step-up/passkey-options');
if(passkey)await prove({passkey})}));
$('#fetch').addEventListener('click',()=>during(all(),fetchData));`,
})

export async function privacyPages(app: App) {
  servePages(app, [restoreAccount, yourData])
}
