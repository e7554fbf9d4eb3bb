/** The page behind the installer link: makes the first super admin. */
import type { App } from '../../platform/http/index.ts'
import { sendPage } from '../../platform/http/pages.ts'

const script = `const token=new URLSearchParams(location.hash.slice(1)).get('token');
const form=document.querySelector('form'),button=form.querySelector('button'),status=document.querySelector('[role=status]');
if(!token){button.disabled=true;status.textContent='This link is incomplete. Copy all of it from the terminal.'}
form.addEventListener('submit',async(event)=>{event.preventDefault();button.disabled=true;status.textContent='One moment…';
const fields=Object.fromEntries(new FormData(form));if(!fields.name)delete fields.name;
try{const csrf=(await(await fetch('/api/v1/csrf-token')).json()).data.csrfToken;
const reply=await fetch('/api/v1/admin/setup',{method:'POST',headers:{'content-type':'application/json','x-csrf-token':csrf},body:JSON.stringify({token,...fields})});
const body=await reply.json();
if(reply.ok){history.replaceState(null,'',location.pathname);form.hidden=true;status.textContent='Done. '+body.data.email+' is the super admin now.'}
else{status.textContent=[body.title,...(body.errors||[]).map(e=>e.pointer.slice(1)+' '+e.message)].join(' – ');button.disabled=reply.status===410}}
catch{status.textContent='The server cannot be reached. Try again in a moment.';button.disabled=false}});`

const body = `<h1>Welcome to Ashlar</h1><p>Make the first super admin. This link works once.</p>
<form><label for="name">Name</label><input id="name" name="name" autocomplete="name" maxlength="100">
<label for="email">E-mail address</label><input id="email" name="email" type="email" autocomplete="username" required maxlength="320">
<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="new-password" required minlength="8" maxlength="256" aria-describedby="rule">
<p class="hint" id="rule">At least 12 characters; a few unrelated words are good.</p>
<button>Create the super admin</button></form><p role="status" aria-live="polite"></p>`

export async function adminPages(app: App) {
  app.get('/setup', {
    config: { public: true },
    handler: async (_request, reply) =>
      sendPage(reply, { title: 'First start', body, script, isNarrow: true }),
  })
}
