import type { SettingName } from '../values/settings.ts';
import { FORMAT_NAMES, type ForeignFormat } from '../x509/format-names.ts';
import { type Context, rule } from './rule.ts';
import { byMistake, subject, valuesOf } from './shared/alike.ts';
import { encodeFiles, encodeOwn, encodePkcs7, OWN_FILES } from './shared/commands.ts';
import { type EncodedName, pemTexts } from './shared/needs.ts';
import { LIGHTRUN_PAGE, measured } from './shared/sources.ts';

export const pemMissing = rule({
  id: 'pem-missing',
  severity: 'error',
  refusedBy: ['openssl', 'nginx', 'go'],
  stage: 'pem',
  title: 'no PEM in the decoded value',
  means:
    'The base64 decodes, but not to PEM: to DER, PKCS#12, PKCS#7, a Java keystore, an OpenSSH key, UTF-16 text, HTML, JSON, or an empty file. The real format is named where it is known.',
  why: 'nginx refuses to start: no start line. The init container that computes the pin reads no certificate and pins the digest of nothing; only a DER certificate and some PKCS#12 files does it read.',
  sources: [
    LIGHTRUN_PAGE,
    measured('nginx finds no start line in DER, UTF-16 and PKCS#7; openssl x509 reads DER'),
  ],
  bad: 'base64 -w 0 certificate.der',
  good: 'openssl x509 -inform DER -in certificate.der | base64 -w 0',
  fix: 'Convert the file to PEM, and encode that.',
  stops: 'error',
  needs: pemTexts,
  check({ texts, ...context }) {
    const missing = texts.flatMap(({ about, pem: { diagnostic } }) =>
      diagnostic?.kind === 'missing' ? { about, format: diagnostic.format } : [],
    );
    return byMistake(missing, ({ format }) => mistakeOf(format)).map((alike) => {
      const [{ about, format }] = alike;
      const formats = [...new Set(alike.map((each) => FORMAT_NAMES[each.format]))];
      const hasWrongPin = alike.some((each) => each.about === 'crt' && !READ_FOR_PIN.has(each.format));
      const wrongPin = hasWrongPin ? ', and clients would be told to pin the digest of nothing' : '';
      return {
        ...valuesOf(alike),
        message: `${subject(context, alike, 'decodes', 'decode')} to ${formats.join(' and ')}, not to PEM. On install, the router would not start (OpenSSL: no start line)${wrongPin}.`,
        help:
          MISPLACED[about] === format && alike.length === 1
            ? `It belongs in ${context.path(about === 'crt' ? 'key' : 'crt')}.`
            : helpFor(format, about),
        commands: commandsFor(format, context, alike),
      };
    });
  },
});

/** DER in both values is one mistake, whatever is in it. */
function mistakeOf(format: ForeignFormat): string {
  return format.startsWith('der') ? 'der' : format;
}

/** What `openssl x509`, which computes the pin, can read though nginx cannot. */
const READ_FOR_PIN: ReadonlySet<ForeignFormat> = new Set(['der-certificate', 'pkcs12']);

/** What would be right in the other value. */
const MISPLACED: Readonly<Partial<Record<SettingName, ForeignFormat>>> = {
  crt: 'der-private-key',
  key: 'der-certificate',
};

const ENCODE_PEM = 'Encode the PEM file, the one that begins with -----BEGIN.';

function helpFor(format: ForeignFormat, about: EncodedName): string {
  switch (format) {
    case 'der-certificate':
    case 'der-private-key':
    case 'der':
      return 'Encode the PEM file, with its -----BEGIN and -----END lines; encode takes DER files too.';
    case 'pkcs12':
      return 'Give encode the original file with --p12: it takes the certificates and the private key out of it.';
    case 'pkcs7':
      return about === 'crt'
        ? 'Give encode the original file with --cert: it takes the certificates out of it.'
        : 'A PKCS#7 file holds no private key: encode the file of the key.';
    case 'jks':
      return 'Convert the keystore to PKCS#12 with keytool -importkeystore, and give encode the result with --p12.';
    case 'openssh-public-key':
      return 'Encode the PEM file of the server; an SSH key has no certificate.';
    case 'utf16':
      return 'Save the file as UTF-8 or ASCII (in PowerShell, with -Encoding ascii), and encode that.';
    case 'html':
      return 'Download the file again, with a program that is signed in, and encode that.';
    case 'json':
      return 'Take the PEM out of the JSON, and encode that.';
    default:
      return ENCODE_PEM;
  }
}

/** Nothing that a user surely has replaces a keystore. */
function commandsFor(
  format: ForeignFormat,
  context: Context,
  alike: readonly { about: EncodedName }[],
): readonly string[] {
  const names = alike.map(({ about }) => about);
  if (format === 'jks') return [];
  if (format === 'pkcs12') return encodeFiles(context, { p12: OWN_FILES.p12 });
  if (format === 'pkcs7' && names.includes('crt')) return encodePkcs7(context);
  return encodeOwn(context, ...names);
}
