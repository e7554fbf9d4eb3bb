/** What the twin reads out of raw mails. */
import { expect, test } from 'vitest'
import { parseMail } from './mime.ts'

const parse = (...lines: string[]) => parseMail(Buffer.from(lines.join('\r\n'), 'latin1'))

test('a plain mail gives its subject and text', () => {
  const mail = parse('Subject: Hello', 'From: a@example.org', '', 'First line', 'Second line')
  expect(mail).toMatchObject({ subject: 'Hello', text: 'First line\r\nSecond line', html: null })
  expect(mail.headers['from']).toBe('a@example.org')
})

test('text and HTML of nested multiparts are found, each decoded by its own encoding and charset', () => {
  const mail = parse(
    'Subject: =?UTF-8?Q?Best=C3=A4tigen_Sie?= =?UTF-8?B?IGlocmUgQWRyZXNzZQ==?=',
    'Content-Type: multipart/mixed; boundary="outer; 1"',
    '',
    'preamble',
    '--outer; 1',
    'Content-Type: multipart/alternative; boundary=inner',
    '',
    '--inner',
    'Content-Type: text/plain; charset=iso-8859-1',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    'Gr=FC=DFe mit lang=',
    'er Zeile =3D fertig',
    '--inner',
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from('<p>Grüße</p>').toString('base64'),
    '--inner--',
    '--outer; 1',
    'Content-Type: application/pdf; name="bill.pdf"',
    'Content-Disposition: attachment; filename="bill.pdf"',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from('12345').toString('base64'),
    '--outer; 1--',
  )
  expect(mail).toMatchObject({
    subject: 'Bestätigen Sie ihre Adresse',
    text: 'Grüße mit langer Zeile = fertig',
    html: '<p>Grüße</p>',
    attachments: [{ filename: 'bill.pdf', contentType: 'application/pdf', sizeBytes: 5 }],
  })
})

test('a character split between two encoded words is put together again', () => {
  const [first, second] = ['Gr', 'ße'].map((text) => Buffer.from(text))
  const umlaut = Buffer.from('ü')
  const one = Buffer.concat([first ?? umlaut, umlaut.subarray(0, 1)]).toString('base64')
  const two = Buffer.concat([umlaut.subarray(1), second ?? umlaut]).toString('base64')
  expect(parse(`Subject: =?utf-8?B?${one}?=`, ` =?utf-8?B?${two}?=`, '', '').subject).toBe('Grüße')
})

test('a folded header is one line, and of a repeated one the first counts', () => {
  const mail = parse('Subject: one', ' two', 'Subject: other', '', '')
  expect(mail.subject).toBe('one two')
})

test('an unknown charset is read byte by byte instead of failing', () => {
  expect(parse('Content-Type: text/plain; charset=x-nonsense', '', 'caf\u00e9').text).toBe('café')
})

test('hostile nesting comes to an end', () => {
  let body = 'deep'
  for (let level = 0; level < 200; level += 1) {
    body = `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n${body}\r\n--b${level}--`
  }
  expect(parseMail(Buffer.from(body)).text).toBeNull()
})
