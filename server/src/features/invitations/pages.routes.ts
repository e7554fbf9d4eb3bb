/** The page behind the link in an invitation. Opening it changes nothing; its button does (mail scanners open links). */
import type { App } from '../../platform/http/index.ts'
import { definePage, servePages } from '../../platform/http/worded-pages.ts'

const acceptInvitation = definePage({
  path: '/accept-invitation',
  words: {
    en: {
      title: 'Invitation',
      heading: 'You are invited',
      offer: '{inviter} invites {email}, in the role “{role}”.',
      somebody: 'An administrator',
      name: 'Name',
      password: 'Choose a password',
      rule: 'Long ones are good: a few unrelated words, for example.',
      accept: 'Accept the invitation',
      signedIn: 'You are signed in as {email}.',
      signInFirst: 'Sign in to it, then open the link in your mail again.',
      welcome: 'Welcome. Your account is ready, and you are signed in.',
      joined: 'Done. Your account has the role “{role}” now.',
    },
    de: {
      title: 'Einladung',
      heading: 'Sie sind eingeladen',
      offer: '{inviter} lädt {email} ein, in der Rolle „{role}“.',
      somebody: 'Die Verwaltung',
      name: 'Name',
      password: 'Passwort wählen',
      rule: 'Lange sind gut: zum Beispiel einige Wörter, die nichts miteinander zu tun haben.',
      accept: 'Einladung annehmen',
      signedIn: 'Sie sind angemeldet als {email}.',
      signInFirst:
        'Melden Sie sich damit an und öffnen Sie den Link aus Ihrer Mail dann noch einmal.',
      welcome: 'Willkommen. Ihr Konto ist bereit, und Sie sind angemeldet.',
      joined: 'Fertig. Ihr Konto hat jetzt die Rolle „{role}“.',
    },
  },
  problems: {
    de: {
      'invitations.invalid_token': 'Diese Einladung gilt nicht mehr. Bitten Sie um eine neue.',
      'invitations.account_exists': 'Es gibt schon ein Konto mit der Adresse dieser Einladung.',
      'invitations.other_account':
        'Diese Einladung gilt einer anderen Adresse als der Ihres Kontos. Melden Sie sich ab oder mit dem richtigen Konto an.',
      'auth.weak_password':
        'Dieses Passwort ist zu schwach. Nehmen Sie ein längeres, das niemand errät: einige Wörter, die nichts miteinander zu tun haben.',
    },
  },
  body: (words) => `<h1>${words.heading}</h1><p id="offer"></p>
<form hidden><div><label for="name">${words.name}</label><input id="name" name="name" autocomplete="name" maxlength="100">
<label for="password">${words.password}</label><input id="password" name="password" type="password" autocomplete="new-password" required maxlength="256" aria-describedby="rule">
<p class="hint" id="rule">${words.rule}</p></div>
<button>${words.accept}</button></form><p role="status" aria-live="polite"></p>`,
  script: `const form=$('form'),fields=$('form div'),button=$('form button'),offer=$('#offer');
const fill=(text,given)=>text.replace(/{(\\w+)}/g,(_,name)=>given[name]);
async function show(){const{ok,body}=await send('/invitations/lookup',{token});
if(!ok)return tell(body);
const{email,role,name,inviter}=body.data;
offer.textContent=fill(words.offer,{email,role,inviter:inviter||words.somebody});
if(name)form.elements.name.value=name;
const me=await call('/users/me');
if(me.ok){fields.hidden=true;form.elements.password.required=false;say(fill(words.signedIn,me.body.data))}
form.hidden=false}
form.addEventListener('submit',(event)=>{event.preventDefault();void during([button],async()=>{
const given=fields.hidden?{}:Object.fromEntries([...new FormData(form)].filter(([,value])=>value));
const{ok,status,body}=await sendAsMe('/invitations/accept',{token,...given});
if(ok){form.hidden=true;offer.textContent='';say(status===201?words.welcome:fill(words.joined,body.data));leadOn('/',words.toAccount);return}
tell(body);if(body.code==='invitations.account_exists'){say($('[role=status]').textContent+' '+words.signInFirst);leadOn('/sign-in',words.toSignIn)}
return status!==400})});
if(token)show().catch(()=>say(words.unreachable));
else say(words.incomplete);`,
})

export async function invitationPages(app: App) {
  servePages(app, [acceptInvitation])
}
