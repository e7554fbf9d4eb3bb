/** The page behind the link in a verification mail. Opening it changes nothing; its button does (mail scanners open links). */
import type { App } from '../../platform/http/index.ts'
import { sendPage } from '../../platform/http/pages.ts'

const script = `const token=new URLSearchParams(location.hash.slice(1)).get('token');
const button=document.querySelector('button'),status=document.querySelector('[role=status]');
history.replaceState(null,'',location.pathname);
if(!token){button.disabled=true;status.textContent='This link is incomplete. Open it from your mail again.'}
button.addEventListener('click',async()=>{button.disabled=true;status.textContent='One moment…';
try{const csrf=(await(await fetch('/api/v1/csrf-token')).json()).data.csrfToken;
const reply=await fetch('/api/v1/auth/verify-email',{method:'POST',headers:{'content-type':'application/json','x-csrf-token':csrf},body:JSON.stringify({token})});
const body=await reply.json();
if(reply.ok){status.textContent='Your address is confirmed. You can sign in now.';button.hidden=true}
else{status.textContent=body.title;button.disabled=reply.status!==429}}
catch{status.textContent='The server cannot be reached. Try again in a moment.';button.disabled=false}});`

const body = `<h1>Confirm your e-mail address</h1><p>One click, and your account is ready.</p>
<button type="button">Confirm my address</button><p role="status" aria-live="polite"></p>`

export async function authPages(app: App) {
  app.get('/verify-email', {
    config: { public: true },
    handler: async (_request, reply) =>
      sendPage(reply, { title: 'Confirm your address', body, script, isNarrow: true }),
  })
}
