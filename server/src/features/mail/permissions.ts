/** Permissions of the mail room, with what each allows. */
export const permissions = {
  'mail.read': 'See which mails went out, to whom, and what became of them.',
  'mail.send_test': 'Send a mail to yourself, to see whether mail goes out.',
} as const
