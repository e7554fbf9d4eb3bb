/** The page behind the link in an invitation. Opening it changes nothing; its button does (mail scanners open links). */
import type { App } from '../../platform/http/index.ts'
import { sendPage } from '../../platform/http/pages.ts'

const script = `const token=new URLSearchParams(location.hash.slice(1)).get('token');
history.replaceState(null,'',location.pathname);
const form=document.querySelector('form'),fields=form.querySelector('div'),button=form.querySelector('button');
const offer=document.querySelector('#offer'),status=document.querySelector('[role=status]');
const api='/api/v1';
async function post(path,body){const csrf=(await(await fetch(api+'/csrf-token')).json()).data.csrfToken;
return fetch(api+path,{method:'POST',headers:{'content-type':'application/json','x-csrf-token':csrf},body:JSON.stringify(body)})}
function say(body){const advice=body.feedback?[body.feedback.warning,...body.feedback.suggestions]:[];
status.textContent=[body.title,body.code==='invitations.account_exists'?'Sign in to it, then open the link in your mail again.':'',...(body.errors||[]).map(e=>e.pointer.slice(1)+' '+e.message+'.'),...advice].filter(Boolean).join(' ')}
async function show(){const reply=await post('/invitations/lookup',{token});const body=await reply.json();
if(!reply.ok)return say(body);
const {email,role,name,inviter}=body.data;
offer.textContent=(inviter||'An administrator')+' invites '+email+', in the role “'+role+'”.';
if(name)form.elements.name.value=name;
const me=await fetch(api+'/users/me');
if(me.ok){fields.hidden=true;form.elements.password.required=false;status.textContent='You are signed in as '+(await me.json()).data.email+'.'}
form.hidden=false}
form.addEventListener('submit',async(event)=>{event.preventDefault();button.disabled=true;status.textContent='One moment…';
const given=fields.hidden?{}:Object.fromEntries([...new FormData(form)].filter(([,value])=>value));
try{const reply=await post('/invitations/accept',{token,...given});const body=await reply.json();
if(reply.ok){form.hidden=true;offer.textContent='';status.textContent=reply.status===201?'Welcome. Your account is ready, and you are signed in.':'Done. Your account has the role “'+body.data.role+'” now.';return}
say(body);button.disabled=reply.status===400}
catch{status.textContent='The server cannot be reached. Try again in a moment.';button.disabled=false}});
if(token)show().catch(()=>{status.textContent='The server cannot be reached. Try again in a moment.'});
else status.textContent='This link is incomplete. Open it from your mail again.';`

const body = `<h1>You are invited</h1><p id="offer"></p>
<form hidden><div><label for="name">Name</label><input id="name" name="name" autocomplete="name" maxlength="100">
<label for="password">Choose a password</label><input id="password" name="password" type="password" autocomplete="new-password" required maxlength="256" aria-describedby="rule">
<p class="hint" id="rule">Long ones are good: a few unrelated words, for example.</p></div>
<button>Accept the invitation</button></form><p role="status" aria-live="polite"></p>`

export async function invitationPages(app: App) {
  app.get('/accept-invitation', {
    config: { public: true },
    handler: async (_request, reply) =>
      sendPage(reply, { title: 'Invitation', body, script, isNarrow: true }),
  })
}
