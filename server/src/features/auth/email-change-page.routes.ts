/** The page behind the links of a changed address. Opening it changes nothing; its two buttons do. */
import type { App } from '../../platform/http/index.ts'
import { sendPage } from '../../platform/http/pages.ts'

const script = `const token=new URLSearchParams(location.hash.slice(1)).get('token');
const buttons=[...document.querySelectorAll('button')],status=document.querySelector('[role=status]');
const lock=(is)=>{for(const button of buttons)button.disabled=is};
history.replaceState(null,'',location.pathname);
if(!token){lock(true);status.textContent='This link is incomplete. Open it from your mail again.'}
const said={waiting:'Thank you. The address changes as soon as the other mailbox has agreed too.',changed:'Your address is changed. Other devices are signed out.',cancelled:'The change is called off; nothing has changed.'};
async function send(path){lock(true);status.textContent='One moment…';
try{const reply=await fetch('/api/v1/auth/email-change/'+path,{method:'POST',credentials:'omit',headers:{'content-type':'application/json'},body:JSON.stringify({token})});
const body=await reply.json();
if(reply.ok){for(const button of buttons)button.hidden=true;status.textContent=said[body.data.status];return}
status.textContent=body.title;lock(reply.status!==429)}
catch{status.textContent='The server cannot be reached. Try again in a moment.';lock(false)}}
for(const button of buttons)button.addEventListener('click',()=>void send(button.value));`

const body = `<h1>Change the e-mail address?</h1><p>It changes when the mailboxes of both addresses agree.</p>
<button type="button" value="confirm">Agree</button> <button type="button" value="cancel">It was not me: cancel</button>
<p role="status" aria-live="polite"></p>`

export async function emailChangePages(app: App) {
  app.get('/change-email', {
    config: { public: true },
    handler: async (_request, reply) =>
      sendPage(reply, { title: 'Change of address', body, script, isNarrow: true }),
  })
}
