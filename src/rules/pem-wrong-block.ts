import { isCertificateBlock, isPrivateKeyBlock } from '../x509/blocks.ts';
import type { PemBlock } from '../x509/pem-block.ts';
import type { RawFinding, Rule } from './rule.ts';
import { ENCODED_VALUES, type EncodedName } from './shared/base64.ts';
import { encodeCommand, encodeFile, UNTRUST } from './shared/commands.ts';
import { isSwapped, pemOf } from './shared/pem.ts';
import { LIGHTRUN_PAGE, measured } from './shared/sources.ts';
import type { Target } from './shared/target.ts';
import { pathOf, show } from './shared/words.ts';

export const pemWrongBlock: Rule = {
  id: 'pem-wrong-block',
  severity: 'error',
  stage: 'pem',
  title: 'a PEM block that does not belong there',
  means:
    'tls.crt holds something else than certificates, or tls.key something else than one private key: a key among the certificates, a certificate with the key, a request, a public key, a second key. A block TRUSTED CERTIFICATE (of openssl x509 -trustout) does not belong where an intermediate stands.',
  why: 'Some programs pass over the block and some refuse the file. A private key in tls.crt is handed to everything that reads the certificate.',
  sources: [
    LIGHTRUN_PAGE,
    measured('two keys in tls.key, the wrong one first, are refused; a request or a public key likewise'),
    measured('OpenSSL sends a TRUSTED CERTIFICATE only where it is the first of the file'),
  ],
  bad: 'cat leaf.crt leaf.key | base64 -w 0   # into tls.crt',
  good: 'cat leaf.crt intermediate.crt root.crt | base64 -w 0   # into tls.crt\nbase64 -w 0 leaf.key   # into tls.key',
  fix: 'Take the block out, and encode the rest anew.',
  appliesTo: ENCODED_VALUES,
  stops: 'error',
  check(target, _options, [name]) {
    const about = name as EncodedName;
    const blocks = pemOf(target, about)?.blocks ?? [];
    if (isSwapped(target)) return [];
    const wrong = about === 'crt' ? blocks.filter((block) => !isCertificateBlock(block)) : wrongInKey(blocks);
    const [first] = wrong;
    if (!first) return about === 'crt' ? passedOver(target, blocks) : [];
    const more = wrong.length > 1 ? ` (and ${wrong.length - 1} more)` : '';
    const isAlone = !blocks.some(about === 'crt' ? isCertificateBlock : isPrivateKeyBlock);
    const wanted =
      about === 'crt' ? 'only certificates belong there' : 'one private key, and nothing else, belongs there';
    return [
      {
        about,
        message: `${pathOf(target, about)} holds ${describe(first, about)} on line ${first.line} of the decoded file${more}; ${wanted}. On install, ${isAlone ? 'the router would not start.' : consequence(first, about)}`,
        help: isAlone
          ? replacement(target, first, about)
          : `Take it out of the PEM file, and encode the rest anew:\n  ${encodeCommand(target, about)}`,
      },
    ];
  },
};

/**
 * OpenSSL reads the label of `openssl x509 -trustout` in the first block alone (`X509_AUX`), and passes over any other
 * of it. Clients then miss an intermediate; a root they have.
 */
function passedOver(target: Target, blocks: readonly PemBlock[]): RawFinding[] {
  const roles = target.material?.chain?.roles ?? [];
  const isNeeded = (at: number) => roles[at] === 'leaf' || roles[at] === 'intermediate';
  const lost = blocks.filter(({ label }, at) => at > 0 && label === 'TRUSTED CERTIFICATE' && isNeeded(at));
  const [first] = lost;
  if (!first) return [];
  const more = lost.length > 1 ? ` (and ${lost.length - 1} more)` : '';
  return [
    {
      about: 'crt',
      message: `${pathOf(target, 'crt')} says -----BEGIN TRUSTED CERTIFICATE----- on line ${first.line} of the decoded file${more}. OpenSSL reads that label at the top of the file only: on install, the router would pass over the block and not send the certificate, and clients would refuse the connection (unable to verify the first certificate).`,
      help: [
        'Write each certificate anew, without the trust settings in it, and encode the result:',
        `  ${UNTRUST} FILE > CLEAN_FILE`,
        `  ${encodeFile(target, 'crt', 'CLEAN_FILE')}`,
      ].join('\n'),
    },
  ];
}

function wrongInKey(blocks: readonly PemBlock[]): PemBlock[] {
  const [key, ...others] = blocks.filter(isPrivateKeyBlock);
  const isParameters = ({ label }: PemBlock) => label === 'EC PARAMETERS' && key?.label === 'EC PRIVATE KEY';
  const foreign = blocks.filter((block) => !isPrivateKeyBlock(block) && !isParameters(block));
  return [...foreign, ...others];
}

function describe(block: PemBlock, about: EncodedName): string {
  if (isPrivateKeyBlock(block)) return about === 'crt' ? 'a private key' : 'a second private key';
  if (isCertificateBlock(block)) return 'a certificate';
  if (block.label.endsWith('CERTIFICATE REQUEST'))
    return 'a certificate request (the question to the CA, not its answer)';
  if (block.label.endsWith('PUBLIC KEY')) return 'a public key';
  if (block.label === 'PKCS7' || block.label === 'CMS') return 'a PKCS#7 bundle';
  return `a block ${show(block.label)}`;
}

function consequence(block: PemBlock, about: EncodedName): string {
  if (about === 'crt' && isPrivateKeyBlock(block)) {
    return 'everything that may read the certificate could read the private key.';
  }
  return 'some programs would pass over it and others refuse the whole file.';
}

function replacement(target: Target, block: PemBlock, about: EncodedName): string {
  if (block.label === 'PKCS7') {
    return `Take the certificates out of it, bring them in order, and encode them:\n  openssl pkcs7 -print_certs -in FILE | sed -n '/-----BEGIN/,/-----END/p' > fullchain.crt`;
  }
  return `Encode ${about === 'crt' ? 'the certificates' : 'the private key'} instead:\n  ${encodeCommand(target, about)}`;
}
