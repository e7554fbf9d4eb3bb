/** What is said wherever somebody sets up an authenticator or is given backup codes. */
import { defineWords } from './words.ts'

export const factorWords = defineWords(
  {
    scan: 'Scan this picture with the app',
    qr: 'QR code with the secret for your authenticator',
    type: 'Or type this into it:',
    code: 'The six digits that the app shows',
    codes: 'Backup codes',
    download: 'Download',
    copyAll: 'Copy all',
    fileHead: 'Backup codes for {email} at {host}. Each works once.',
    haveSaved: 'I have saved them',
  },
  {
    scan: 'Scannen Sie dieses Bild mit der App',
    qr: 'QR-Code mit dem Geheimnis für Ihren Authenticator',
    type: 'Oder geben Sie dies dort ein:',
    code: 'Die sechs Ziffern, die die App zeigt',
    codes: 'Ersatzcodes',
    download: 'Herunterladen',
    copyAll: 'Alle kopieren',
    fileHead: 'Ersatzcodes für {email} bei {host}. Jeder gilt einmal.',
    haveSaved: 'Ich habe sie gesichert',
  },
)
