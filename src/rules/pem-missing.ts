import { FORMAT_NAMES, type ForeignFormat } from '../x509/format-names.ts';
import { rule } from './rule.ts';
import { encodeFile } from './shared/commands.ts';
import { type EncodedName, pemText } from './shared/needs.ts';
import { LIGHTRUN_PAGE, measured } from './shared/sources.ts';

export const pemMissing = rule({
  id: 'pem-missing',
  severity: 'error',
  refusedBy: ['openssl', 'nginx', 'go'],
  stage: 'pem',
  title: 'no PEM in the decoded value',
  means:
    'The base64 decodes, but not to PEM: to DER, PKCS#12, PKCS#7, a Java keystore, an OpenSSH key, UTF-16 text, or an empty file. The real format is named where it is known.',
  why: 'nginx refuses to start: no start line. The init container that computes the pin reads no certificate and pins the digest of nothing; only a DER certificate and some PKCS#12 files does it read.',
  sources: [
    LIGHTRUN_PAGE,
    measured('nginx finds no start line in DER, UTF-16 and PKCS#7; openssl x509 reads DER'),
  ],
  bad: 'base64 -w 0 certificate.der',
  good: 'openssl x509 -inform DER -in certificate.der | base64 -w 0',
  fix: 'Convert the file to PEM, and encode that.',
  stops: 'error',
  needs: pemText,
  check({ target, about, pem: { diagnostic }, path }) {
    if (diagnostic?.kind !== 'missing') return null;
    const { format } = diagnostic;
    const { commands, out } = conversion(format, about);
    const isMisplaced = MISPLACED[about] === format;
    const wrongPin =
      about === 'crt' && !READ_FOR_PIN.has(format)
        ? ', and clients would be told to pin the digest of nothing'
        : '';
    return {
      message: `${path(about)} decodes to ${FORMAT_NAMES[format]}, not to PEM. On install, the router would not start (OpenSSL: no start line)${wrongPin}.`,
      help: [
        ...(isMisplaced ? [`It belongs in ${path(about === 'crt' ? 'key' : 'crt')}.`] : []),
        ...(commands.length === 0
          ? ['Encode the PEM file, the one that begins with -----BEGIN.']
          : [
              'Convert it, and encode the result:',
              ...[...commands, encodeFile(target, about, out)].map((line) => `  ${line}`),
            ]),
      ].join('\n'),
    };
  },
});

/** What `openssl x509`, which computes the pin, can read though nginx cannot. */
const READ_FOR_PIN: ReadonlySet<ForeignFormat> = new Set(['der-certificate', 'pkcs12']);

/** What would be right in the other value. */
const MISPLACED = { crt: 'der-private-key', key: 'der-certificate' } as const;

const BLOCKS_ONLY = "sed -n '/-----BEGIN/,/-----END/p'";
const CERTIFICATE = 'my-cert.pem.crt';
const KEY = 'my-cert.pem.key';

/** The commands that write it as PEM to `out`; none where there is nothing to convert. */
function conversion(format: ForeignFormat, about: EncodedName): { commands: string[]; out: string } {
  const isCrt = about === 'crt';
  const out = isCrt ? CERTIFICATE : KEY;
  const own = isCrt ? 'my-cert.crt' : 'my-cert.key';
  const fromPkcs12 = (file: string) =>
    isCrt
      ? `openssl pkcs12 -in ${file} -nokeys | ${BLOCKS_ONLY} > ${out}`
      : `openssl pkcs12 -in ${file} -nocerts -nodes | openssl pkey -out ${out}`;
  switch (format) {
    case 'der-certificate':
      return { commands: [`openssl x509 -inform DER -in my-cert.crt -out ${CERTIFICATE}`], out: CERTIFICATE };
    case 'der-private-key':
      return { commands: [`openssl pkey -inform DER -in my-cert.key -out ${KEY}`], out: KEY };
    case 'der':
      return { commands: [`openssl ${isCrt ? 'x509' : 'pkey'} -inform DER -in ${own} -out ${out}`], out };
    case 'pkcs12':
      return { commands: [fromPkcs12('my-cert.p12')], out };
    case 'pkcs7':
      return {
        commands: [`openssl pkcs7 -inform DER -print_certs -in my-cert.p7b | ${BLOCKS_ONLY} > ${out}`],
        out,
      };
    case 'jks':
      return {
        commands: [
          'keytool -importkeystore -srckeystore my-cert.jks -destkeystore my-cert.converted.p12 -deststoretype PKCS12',
          fromPkcs12('my-cert.converted.p12'),
        ],
        out,
      };
    case 'utf16':
      return { commands: [`iconv -f UTF-16 -t UTF-8 ${own} > ${out}`], out };
    default:
      return { commands: [], out };
  }
}
