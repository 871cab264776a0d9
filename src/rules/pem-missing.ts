import type { ForeignFormat } from '../material/pem.ts';
import { ENCODED_VALUES, type EncodedName } from './base64.ts';
import { pemOf } from './pem.ts';
import type { Rule } from './rule.ts';
import { LIGHTRUN_PAGE, measured } from './sources.ts';
import { pathOf } from './words.ts';

export const pemMissing: Rule = {
  id: 'pem-missing',
  severity: 'error',
  stage: 'pem',
  title: 'no PEM in the decoded value',
  means:
    'The base64 decodes, but to something that is no PEM: DER, PKCS#12, PKCS#7, a Java keystore, an OpenSSH key, UTF-16 text, or nothing at all. The real format is named where it is known.',
  why: 'nginx refuses to start: no start line. The init container that works out the pin reads no certificate and pins the digest of nothing.',
  sources: [LIGHTRUN_PAGE, measured('OpenSSL finds no start line in DER, UTF-16 and PKCS#7')],
  bad: 'base64 -w 0 certificate.der',
  good: 'openssl x509 -inform DER -in certificate.der | base64 -w 0',
  mend: 'Convert the file to PEM, and encode that.',
  judges: ENCODED_VALUES,
  stops: 'error',
  check(target, _options, [name]) {
    const about = name as EncodedName;
    const problem = pemOf(target, about)?.problem;
    if (problem?.kind !== 'missing') return [];
    const { what, command } = advice(problem.format, about);
    const misplaced = MISPLACED[about] === problem.format;
    const other = about === 'crt' ? 'key' : 'crt';
    return [
      {
        about,
        message: `${pathOf(target, about)} decodes to ${what}, not to PEM. On install, the router would not start (OpenSSL: no start line)${about === 'crt' ? ', and clients would be told to pin the digest of nothing' : ''}.`,
        help: [
          ...(misplaced ? [`It belongs in ${pathOf(target, other)}.`] : []),
          ...(command === null
            ? ['Encode the PEM file, the one that begins with -----BEGIN.']
            : ['Convert it, then encode what comes out:', `  ${command}`]),
        ].join('\n'),
      },
    ];
  },
};

/** What would be right in the other value. */
const MISPLACED = { crt: 'der-private-key', key: 'der-certificate' } as const;

function advice(format: ForeignFormat, about: EncodedName): { what: string; command: string | null } {
  const out = about === 'crt' ? 'leaf.crt' : 'leaf.key';
  switch (format) {
    case 'empty':
      return { what: 'nothing at all', command: null };
    case 'der-certificate':
      return { what: 'a certificate in DER', command: 'openssl x509 -inform DER -in FILE -out leaf.crt' };
    case 'der-private-key':
      return { what: 'a private key in DER', command: 'openssl pkey -inform DER -in FILE -out leaf.key' };
    case 'der':
      return { what: 'DER of some kind', command: `openssl x509 -inform DER -in FILE -out ${out}` };
    case 'pkcs12':
      return {
        what: 'a PKCS#12 file (.p12, .pfx)',
        command: `openssl pkcs12 -in FILE ${about === 'crt' ? '-nokeys' : '-nocerts -nodes'} -out ${out}`,
      };
    case 'pkcs7':
      return {
        what: 'a PKCS#7 file (.p7b)',
        command: `openssl pkcs7 -inform DER -print_certs -in FILE -out ${out}`,
      };
    case 'jks':
      return {
        what: 'a Java keystore (JKS)',
        command: 'keytool -importkeystore -srckeystore FILE -destkeystore keystore.p12 -deststoretype PKCS12',
      };
    case 'openssh-public-key':
      return { what: 'an OpenSSH public key, which is no TLS certificate', command: null };
    case 'utf16':
      return { what: 'UTF-16 text (Windows)', command: `iconv -f UTF-16 -t UTF-8 FILE > ${out}` };
    default:
      return { what: 'something in which there is no -----BEGIN line', command: null };
  }
}
