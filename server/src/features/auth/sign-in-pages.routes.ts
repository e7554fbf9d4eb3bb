/** The page behind a mailed sign-in link. Opening it signs nobody in; its button does (mail scanners open links). */
import type { App } from '../../platform/http/index.ts'
import { sendPage } from '../../platform/http/pages.ts'

const script = `const token=new URLSearchParams(location.hash.slice(1)).get('token');
const button=document.querySelector('main>button'),form=document.querySelector('form'),status=document.querySelector('[role=status]');
history.replaceState(null,'',location.pathname);
let pendingToken='';
if(!token){button.disabled=true;status.textContent='This link is incomplete. Open it from your mail again.'}
async function post(path,fields,control){control.disabled=true;status.textContent='One moment…';
try{const csrf=(await(await fetch('/api/v1/csrf-token')).json()).data.csrfToken;
const reply=await fetch(path,{method:'POST',headers:{'content-type':'application/json','x-csrf-token':csrf},body:JSON.stringify(fields)});
const body=await reply.json();
if(!reply.ok){status.textContent=body.title;control.disabled=false;return}
if(body.data.twoFactorRequired){pendingToken=body.data.pendingToken;button.hidden=true;form.hidden=false;form.code.focus();status.textContent='One more step: a code of your authenticator, or a backup code.';return}
button.hidden=form.hidden=true;status.textContent='You are signed in as '+(body.data.user.name||body.data.user.email)+'.'}
catch{status.textContent='The server cannot be reached. Try again in a moment.';control.disabled=false}}
button.addEventListener('click',()=>void post('/api/v1/auth/magic-link/sign-in',{token},button));
form.addEventListener('submit',(event)=>{event.preventDefault();const code=form.code.value.trim();
void post('/api/v1/auth/login/verify-2fa',/^[0-9]{3} ?[0-9]{3}$/.test(code)?{pendingToken,code}:{pendingToken,backupCode:code},form.querySelector('button'))});`

const body = `<h1>Sign in</h1><p>One click, and you are signed in here.</p>
<button type="button">Sign in</button>
<form hidden><label for="code">Code</label><input id="code" name="code" autocomplete="one-time-code" required maxlength="40"><button>Continue</button></form>
<p role="status" aria-live="polite"></p>`

export async function signInPages(app: App) {
  app.get('/sign-in-link', {
    config: { public: true },
    handler: async (_request, reply) =>
      sendPage(reply, { title: 'Sign in', body, script, isNarrow: true }),
  })
}
