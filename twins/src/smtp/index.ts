/** The SMTP twin, as tests and the development command take it. */
export { startSmtpTwin } from './twin.ts'
export type { CapturedMail, SmtpTwin, SmtpTwinMode, SmtpTwinOptions } from './twin.ts'
