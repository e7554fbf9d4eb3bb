/**
 * Pages in every language: a room declares one with its words, as it declares a mail, and its script says them. Opening
 * one changes nothing; its buttons do, because mail scanners open links.
 */
import type { App } from './app.ts'
import { type Language, languageOf } from './languages.ts'
import { type PageContent, escapeHtml, sendPage } from './pages.ts'

type Words = Readonly<Record<string, string>>
/** What the page says of an error instead of the API, which speaks English; by its code. */
type Problems = Words

export type WordedPage = {
  readonly path: string
  readonly contentIn: (language: Language) => PageContent
}

/** Declares a page. A missing language or word is a type error. */
export function definePage<W extends Words>({
  path,
  words,
  problems,
  body,
  script,
}: {
  readonly path: string
  readonly words: Readonly<Record<Language, W & { readonly title: string }>>
  readonly problems: Readonly<Record<Exclude<Language, 'en'>, Problems>>
  /** Trusted HTML; the words come escaped. */
  readonly body: (words: W) => string
  /** Runs after `prelude`, and sees `words` and what stands there. */
  readonly script: string
}): WordedPage {
  return {
    path,
    contentIn: (language) => {
      const own = { ...common[language], ...words[language] }
      const said = language === 'en' ? {} : { ...commonProblems[language], ...problems[language] }
      const known = inScript({ ...own, problems: said })
      return {
        title: own.title,
        body: body(escaped(words[language])),
        script: `const words=${known};\n${prelude}${script}`,
        language,
      }
    },
  }
}

/** Serves pages, each in the language that is asked for. */
export function servePages(app: App, pages: readonly WordedPage[]): void {
  for (const { path, contentIn } of pages)
    app.get(path, {
      config: { public: true },
      handler: async (request, reply) => {
        const language = languageOf(request)
        void reply.headers({ 'content-language': language, vary: 'Origin, Accept-Language' })
        return sendPage(reply, { ...contentIn(language), isNarrow: true })
      },
    })
}

type Common = Readonly<
  Record<'moment' | 'unreachable' | 'incomplete' | 'toSignIn' | 'toAccount', string>
>

const common: Readonly<Record<Language, Common>> = {
  en: {
    moment: 'One moment…',
    unreachable: 'The server cannot be reached. Try again in a moment.',
    incomplete: 'This link is incomplete. Open it from your mail again.',
    toSignIn: 'Sign in',
    toAccount: 'Go to your account',
  },
  de: {
    moment: 'Einen Moment…',
    unreachable: 'Der Server ist nicht erreichbar. Versuchen Sie es gleich noch einmal.',
    incomplete: 'Dieser Link ist unvollständig. Öffnen Sie ihn noch einmal aus Ihrer Mail.',
    toSignIn: 'Anmelden',
    toAccount: 'Zu Ihrem Konto',
  },
}

const commonProblems: Readonly<Record<Exclude<Language, 'en'>, Problems>> = {
  de: {
    'limits.exceeded': 'Das waren zu viele Versuche. Warten Sie etwas, dann geht es weiter.',
    'http.invalid_request': 'Etwas an diesen Angaben stimmt nicht.',
    'http.csrf_token_invalid': 'Diese Seite ist zu alt. Laden Sie sie neu.',
    'access.unauthenticated': 'Bitte melden Sie sich zuerst an.',
  },
}

/**
 * What the scripts of all pages do. A token comes in the fragment of a mailed link, which no server and no log sees,
 * and leaves the address bar at once. `send` acts as nobody, `sendAsMe` as whoever is signed in here. `leadOn` says where
 * one goes from here: into the web application.
 */
const prelude = `const $=(selector)=>document.querySelector(selector),status=$('[role=status]');
const say=(text)=>{status.textContent=text};
const fragment=new URLSearchParams(location.hash.slice(1)),token=fragment.get('token');
if(location.hash)history.replaceState(null,'',location.pathname+location.search);
addEventListener('hashchange',()=>location.reload());
async function call(path,init){const reply=await fetch('/api/v1'+path,init);return{ok:reply.ok,status:reply.status,body:reply.status===204?null:await reply.json()}}
const withBody=(body)=>body===undefined?{}:{body:JSON.stringify(body)};
const send=(path,body)=>call(path,{method:'POST',credentials:'omit',headers:{'content-type':'application/json'},...withBody(body)});
async function sendAsMe(path,body){const csrf=(await call('/csrf-token')).body.data.csrfToken;
return call(path,{method:'POST',headers:{'x-csrf-token':csrf,...(body===undefined?{}:{'content-type':'application/json'})},...withBody(body)})}
function tell(problem){const advice=problem.feedback?[problem.feedback.warning,...problem.feedback.suggestions]:[];
say(words.problems[problem.code]??[problem.title,...(problem.errors||[]).map(each=>each.pointer.slice(1)+' '+each.message+'.'),...advice].filter(Boolean).join(' '))}
function leadOn(href,text){const link=document.createElement('a');link.href=href;link.className='onward';link.textContent=text;$('.onward')?.remove();status.after(link)}
async function during(controls,work){const lock=(is)=>{for(const each of controls)each.disabled=is};
lock(true);say(words.moment);try{lock(await work()===false)}catch{say(words.unreachable);lock(false)}}
`

/** Words as a script reads them: nothing in them ends the script. */
const inScript = (words: object): string => JSON.stringify(words).replaceAll('<', '\\u003c')

const escaped = <W extends Words>(words: W): W =>
  Object.fromEntries(Object.entries(words).map(([name, text]) => [name, escapeHtml(text)])) as W
