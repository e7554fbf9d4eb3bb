/** The pages of a forgotten password: asking for the link, and where it leads. Opening either changes nothing. */
import type { App } from '../../platform/http/index.ts'
import { sendPage } from '../../platform/http/pages.ts'

/** What both forms do: send what is in them, say what came back, and tell a bad password's reasons. */
const send = `const form=document.querySelector('form'),button=form.querySelector('button'),status=document.querySelector('[role=status]');
async function send(path,fields,done){button.disabled=true;status.textContent='One moment…';
try{const reply=await fetch(path,{method:'POST',credentials:'omit',headers:{'content-type':'application/json'},body:JSON.stringify(fields)});
const body=await reply.json();
if(reply.ok){form.hidden=true;status.textContent=done;return}
const advice=body.feedback?[body.feedback.warning,...body.feedback.suggestions]:[];
status.textContent=[body.title,...(body.errors||[]).map(e=>'It '+e.message+'.'),...advice].filter(Boolean).join(' ');button.disabled=reply.status===400}
catch{status.textContent='The server cannot be reached. Try again in a moment.';button.disabled=false}}`

const forgotScript = `${send}
form.addEventListener('submit',(event)=>{event.preventDefault();
void send('/api/v1/auth/forgot-password',{email:form.email.value},'If there is an account with this address, a mail with a link is on its way.')});`

const forgotBody = `<h1>Forgotten your password?</h1><p>We mail you a link that sets a new one.</p>
<form><label for="email">E-mail address</label><input id="email" name="email" type="email" autocomplete="username" required maxlength="320">
<button>Send the link</button></form><p role="status" aria-live="polite"></p>`

const resetScript = `${send}
const token=new URLSearchParams(location.hash.slice(1)).get('token');
history.replaceState(null,'',location.pathname);
if(!token){button.disabled=true;status.textContent='This link is incomplete. Open it from your mail again.'}
form.addEventListener('submit',(event)=>{event.preventDefault();
void send('/api/v1/auth/reset-password',{token,password:form.password.value},'Your password is set, and every device is signed out. You can sign in now.')});`

const resetBody = `<h1>Set a new password</h1>
<form><label for="password">New password</label><input id="password" name="password" type="password" autocomplete="new-password" required maxlength="256" aria-describedby="rule">
<p class="hint" id="rule">Long ones are good: a few unrelated words, for example.</p>
<button>Set the password</button></form><p role="status" aria-live="polite"></p>`

export async function passwordPages(app: App) {
  app.get('/forgot-password', {
    config: { public: true },
    handler: async (_request, reply) =>
      sendPage(reply, {
        title: 'Forgotten password',
        body: forgotBody,
        script: forgotScript,
        isNarrow: true,
      }),
  })

  app.get('/reset-password', {
    config: { public: true },
    handler: async (_request, reply) =>
      sendPage(reply, {
        title: 'New password',
        body: resetBody,
        script: resetScript,
        isNarrow: true,
      }),
  })
}
