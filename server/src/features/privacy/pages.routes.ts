/** The pages behind the mails of this room: fetching one's data, and keeping one's account. Opening either changes nothing. */
import type { App } from '../../platform/http/index.ts'
import { sendPage } from '../../platform/http/pages.ts'

const restoreScript = `const token=new URLSearchParams(location.hash.slice(1)).get('token');
const button=document.querySelector('button'),status=document.querySelector('[role=status]');
history.replaceState(null,'',location.pathname);
if(!token){button.disabled=true;status.textContent='This link is incomplete. Open it from your mail again.'}
button.addEventListener('click',async()=>{button.disabled=true;status.textContent='One moment…';
try{const reply=await fetch('/api/v1/users/restore',{method:'POST',credentials:'omit',headers:{'content-type':'application/json'},body:JSON.stringify({token})});
const body=await reply.json();
if(reply.ok){button.hidden=true;status.textContent='Your account is open again. You can sign in.'}
else{status.textContent=body.title;button.disabled=reply.status!==429}}
catch{status.textContent='The server cannot be reached. Try again in a moment.';button.disabled=false}});`

const restoreBody = `<h1>Keep your account?</h1><p>It is closed. One click opens it again, and it will not be erased.</p>
<button type="button">Keep my account</button><p role="status" aria-live="polite"></p>`

const dataScript = `const form=document.querySelector('form'),button=form.querySelector('button'),status=document.querySelector('[role=status]');
const say=(text)=>{status.textContent=text;button.disabled=false};
async function ask(path,options){const reply=await fetch('/api/v1'+path,options);const body=await reply.json();
if(reply.ok)return body.data;
throw new Error(reply.status===401?'Please sign in first, then come back to this page.':body.title)}
form.addEventListener('submit',async(event)=>{event.preventDefault();button.disabled=true;status.textContent='One moment…';
try{const ready=(await ask('/users/me/exports')).find(each=>each.status==='ready');
if(!ready)return say('There is no archive to fetch: each is kept for a week. Ask for a new one.');
const {csrfToken}=await ask('/csrf-token');
await ask('/auth/step-up',{method:'POST',headers:{'content-type':'application/json','x-csrf-token':csrfToken},body:JSON.stringify({password:form.password.value})});
form.password.value='';
location.assign((await ask('/users/me/exports/'+ready.id+'/download')).url);say('Your archive is on its way.')}
catch(error){say(error.message)}});`

const dataBody = `<h1>Your data</h1><p>Everything that is stored about you, as one archive. Your password is asked for once more.</p>
<form><label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" required maxlength="1024">
<button>Fetch my data</button></form><p role="status" aria-live="polite"></p>`

export async function privacyPages(app: App) {
  app.get('/restore-account', {
    config: { public: true },
    handler: async (_request, reply) =>
      sendPage(reply, {
        title: 'Keep your account',
        body: restoreBody,
        script: restoreScript,
        isNarrow: true,
      }),
  })

  app.get('/your-data', {
    config: { public: true },
    handler: async (_request, reply) =>
      sendPage(reply, { title: 'Your data', body: dataBody, script: dataScript, isNarrow: true }),
  })
}
