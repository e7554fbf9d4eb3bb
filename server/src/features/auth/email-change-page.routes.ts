/** The page behind the links of a changed address. Opening it changes nothing; its two buttons do. */
import type { App } from '../../platform/http/index.ts'
import { definePage, servePages } from '../../platform/http/worded-pages.ts'

const changeEmail = definePage({
  path: '/change-email',
  words: {
    en: {
      title: 'Change of address',
      heading: 'Change the e-mail address?',
      lead: 'It changes when the mailboxes of both addresses agree.',
      agree: 'Agree',
      cancel: 'It was not me: cancel',
      waiting: 'Thank you. The address changes as soon as the other mailbox has agreed too.',
      changed: 'Your address is changed. Other devices are signed out.',
      cancelled: 'The change is called off; nothing has changed.',
    },
    de: {
      title: 'Adresse ändern',
      heading: 'Die E-Mail-Adresse ändern?',
      lead: 'Sie ändert sich, wenn die Postfächer beider Adressen zustimmen.',
      agree: 'Zustimmen',
      cancel: 'Das war ich nicht: abbrechen',
      waiting: 'Danke. Die Adresse ändert sich, sobald auch das andere Postfach zugestimmt hat.',
      changed: 'Ihre Adresse ist geändert. Andere Geräte sind abgemeldet.',
      cancelled: 'Die Änderung ist abgebrochen; nichts hat sich geändert.',
    },
  },
  problems: {
    de: {
      'auth.invalid_email_change':
        'Dieser Link gilt nicht mehr. Beantragen Sie die Änderung noch einmal.',
    },
  },
  body: (words) => `<h1>${words.heading}</h1><p>${words.lead}</p>
<button type="button" value="confirm">${words.agree}</button> <button type="button" value="cancel" class="quiet">${words.cancel}</button>
<p role="status" aria-live="polite"></p>`,
  script: `const buttons=[...document.querySelectorAll('button')];
if(!token){for(const each of buttons)each.disabled=true;say(words.incomplete)}
for(const button of buttons)button.addEventListener('click',()=>during(buttons,async()=>{const{ok,status,body}=await send('/auth/email-change/'+button.value,{token});
if(!ok){tell(body);return status===429}
for(const each of buttons)each.hidden=true;say(words[body.data.status]);leadOn('/account',words.toAccount)}));`,
})

export async function emailChangePages(app: App) {
  servePages(app, [changeEmail])
}
