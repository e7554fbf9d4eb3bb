/** What scripts of several pages do: ask a passkey, and the second step of a sign-in. They stand on the prelude of every page. */

/** `askPasskey(path, body)` has a passkey answer what a route asks; null when there is none, and then it has said so. */
export const passkeyScript = `const knowsPasskeys=typeof PublicKeyCredential!=='undefined'&&'parseRequestOptionsFromJSON' in PublicKeyCredential;
async function askPasskey(path,given){const{ok,body}=await sendAsMe(path,given);
if(!ok){tell(body);return null}
const credential=await navigator.credentials.get({publicKey:PublicKeyCredential.parseRequestOptionsFromJSON(body.data)}).catch(()=>null);
if(!credential)say(words.noPasskey);
return credential&&credential.toJSON()}
`

export const passkeyWords = {
  en: { passkey: 'Use a passkey', noPasskey: 'No passkey answered.' },
  de: { passkey: 'Passkey verwenden', noPasskey: 'Es hat kein Passkey geantwortet.' },
}

/** `enter(data)` goes on with the answer of a sign-in: to the second step, or into the application. */
export const secondStepScript = `${passkeyScript}
const second=$('#second'),byPasskey=$('#second button[type=button]');
let pendingToken='';
function enter(data){for(const each of document.querySelectorAll('main>:not(h1):not([role=status]):not(#second)'))each.hidden=true;
if(data.twoFactorRequired){pendingToken=data.pendingToken;byPasskey.hidden=!(knowsPasskeys&&data.methods.includes('passkey'));
second.hidden=false;second.code.focus();say(words.second);return}
second.hidden=true;say(words.signedIn.replace('{who}',data.user.name||data.user.email));location.replace('/')}
async function finish(proof){const{ok,body}=await sendAsMe('/auth/login/verify-2fa',{pendingToken,...proof});
if(ok)enter(body.data);else tell(body)}
second.addEventListener('submit',(event)=>{event.preventDefault();const code=second.code.value.trim();
void during(second.querySelectorAll('button'),()=>finish(/^[0-9]{3} ?[0-9]{3}$/.test(code)?{code}:{backupCode:code}))});
byPasskey.addEventListener('click',()=>during(second.querySelectorAll('button'),async()=>{
const passkey=await askPasskey('/auth/login/verify-2fa/passkey-options',{pendingToken});
if(passkey)await finish({passkey})}));
`

export const secondStepWords = {
  en: {
    ...passkeyWords.en,
    code: 'Code',
    next: 'Continue',
    second: 'One more step: a code of your authenticator, or a backup code.',
    signedIn: 'You are signed in as {who}.',
  },
  de: {
    ...passkeyWords.de,
    code: 'Code',
    next: 'Weiter',
    second: 'Noch ein Schritt: ein Code Ihrer Authenticator-App oder ein Backup-Code.',
    signedIn: 'Sie sind angemeldet als {who}.',
  },
}

export const secondStepProblems = {
  de: {
    'twofa.invalid_pending_login': 'Diese Anmeldung ist vorbei. Beginnen Sie noch einmal.',
    'twofa.sign_in_code_refused':
      'Dieser Code ist falsch, zu alt oder schon verwendet. Warten Sie auf den nächsten.',
    'twofa.too_many_wrong_codes':
      'Es waren zu viele falsche Codes. Versuchen Sie es später noch einmal.',
    'auth.sign_in_passkey_refused': 'Dieser Passkey meldet Sie hier nicht an.',
  },
}

export const secondStepForm = (words: (typeof secondStepWords)['en']) => `<form id="second" hidden>
<label for="code">${words.code}</label><input id="code" name="code" autocomplete="one-time-code" required maxlength="40">
<button>${words.next}</button> <button type="button" class="quiet" hidden>${words.passkey}</button></form>`
