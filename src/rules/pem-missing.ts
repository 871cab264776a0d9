import type { ForeignFormat } from '../x509/pem.ts';
import type { Rule } from './rule.ts';
import { ENCODED_VALUES, type EncodedName } from './shared/base64.ts';
import { encodeFile } from './shared/commands.ts';
import { pemOf } from './shared/pem.ts';
import { LIGHTRUN_PAGE, measured } from './shared/sources.ts';
import { pathOf } from './shared/words.ts';

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
  fix: 'Convert the file to PEM, and encode that.',
  appliesTo: ENCODED_VALUES,
  stops: 'error',
  check(target, _options, [name]) {
    const about = name as EncodedName;
    const problem = pemOf(target, about)?.problem;
    if (problem?.kind !== 'missing') return [];
    const { what, commands, out } = advice(problem.format, about);
    const misplaced = MISPLACED[about] === problem.format;
    const other = about === 'crt' ? 'key' : 'crt';
    return [
      {
        about,
        message: `${pathOf(target, about)} decodes to ${what}, not to PEM. On install, the router would not start (OpenSSL: no start line)${about === 'crt' ? ', and clients would be told to pin the digest of nothing' : ''}.`,
        help: [
          ...(misplaced ? [`It belongs in ${pathOf(target, other)}.`] : []),
          ...(commands.length === 0
            ? ['Encode the PEM file, the one that begins with -----BEGIN.']
            : [
                'Convert it, and encode what comes out:',
                ...[...commands, encodeFile(target, about, out)].map((line) => `  ${line}`),
              ]),
        ].join('\n'),
      },
    ];
  },
};

/** What would be right in the other value. */
const MISPLACED = { crt: 'der-private-key', key: 'der-certificate' } as const;

const BLOCKS_ONLY = "sed -n '/-----BEGIN/,/-----END/p'";

/** What it is, and the commands that make PEM of it in `out`; none where there is nothing to make. */
function advice(
  format: ForeignFormat,
  about: EncodedName,
): { what: string; commands: string[]; out: string } {
  const out = about === 'crt' ? 'leaf.crt' : 'leaf.key';
  const tool = about === 'crt' ? 'x509' : 'pkey';
  const fromPkcs12 = (file: string) =>
    about === 'crt'
      ? `openssl pkcs12 -in ${file} -nokeys | ${BLOCKS_ONLY} > ${out}`
      : `openssl pkcs12 -in ${file} -nocerts -nodes | openssl pkey -out ${out}`;
  switch (format) {
    case 'empty':
      return { what: 'nothing at all', commands: [], out };
    case 'der-certificate':
      return {
        what: 'a certificate in DER',
        commands: ['openssl x509 -inform DER -in FILE -out leaf.crt'],
        out: 'leaf.crt',
      };
    case 'der-private-key':
      return {
        what: 'a private key in DER',
        commands: ['openssl pkey -inform DER -in FILE -out leaf.key'],
        out: 'leaf.key',
      };
    case 'der':
      return {
        what: 'DER of some kind',
        commands: [`openssl ${tool} -inform DER -in FILE -out ${out}`],
        out,
      };
    case 'pkcs12':
      return { what: 'a PKCS#12 file (.p12, .pfx)', commands: [fromPkcs12('FILE')], out };
    case 'pkcs7':
      return {
        what: 'a PKCS#7 file (.p7b)',
        commands: [`openssl pkcs7 -inform DER -print_certs -in FILE | ${BLOCKS_ONLY} > ${out}`],
        out,
      };
    case 'jks':
      return {
        what: 'a Java keystore (JKS)',
        commands: [
          'keytool -importkeystore -srckeystore FILE -destkeystore keystore.p12 -deststoretype PKCS12',
          fromPkcs12('keystore.p12'),
        ],
        out,
      };
    case 'openssh-public-key':
      return { what: 'an OpenSSH public key, which is no TLS certificate', commands: [], out };
    case 'utf16':
      return { what: 'UTF-16 text (Windows)', commands: [`iconv -f UTF-16 -t UTF-8 FILE > ${out}`], out };
    default:
      return { what: 'something in which there is no -----BEGIN line', commands: [], out };
  }
}
