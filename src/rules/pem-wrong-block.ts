import type { PemBlock } from '../x509/pem-block.ts';
import { isCertificateBlock, isPrivateKeyBlock } from '../x509/pem-label.ts';
import { type Context, type RuleFinding, rule } from './rule.ts';
import { encodeCommand, encodeFile, fixedFile, ownFile, UNTRUST } from './shared/commands.ts';
import { isSwapped } from './shared/keys.ts';
import { type EncodedName, pemText } from './shared/needs.ts';
import { LIGHTRUN_PAGE, measured } from './shared/sources.ts';
import type { Target } from './shared/target.ts';

export const pemWrongBlock = rule({
  id: 'pem-wrong-block',
  severity: 'error',
  refusedBy: ['openssl', 'nginx', 'go'],
  stage: 'pem',
  title: 'a PEM block that does not belong there',
  means:
    'tls.crt holds something other than certificates, or tls.key something other than one private key: a key among the certificates, a certificate with the key, a request, a public key, a second key. A TRUSTED CERTIFICATE block (from openssl x509 -trustout) may not be an intermediate.',
  why: 'Some programs skip the block and some refuse the file. A private key in tls.crt is given to everything that reads the certificate.',
  sources: [
    LIGHTRUN_PAGE,
    measured('two keys in tls.key, the wrong one first, are refused; a request or a public key likewise'),
    measured('OpenSSL sends a TRUSTED CERTIFICATE only where it is the first of the file'),
  ],
  bad: 'cat my-cert.crt my-cert.key | base64 -w 0   # into tls.crt',
  good: 'cat my-cert.crt intermediate.crt root.crt | base64 -w 0   # into tls.crt\nbase64 -w 0 my-cert.key   # into tls.key',
  fix: 'Remove the block, and encode the rest again.',
  stops: 'error',
  needs: pemText,
  check({ target, about, pem: { blocks }, path, show }) {
    if (isSwapped(target)) return null;
    const isRight = about === 'crt' ? isCertificateBlock : isPrivateKeyBlock;
    const wrong = about === 'crt' ? blocks.filter((block) => !isRight(block)) : wrongInKey(blocks);
    const [first] = wrong;
    if (!first) return about === 'crt' ? skippedCertificate(target, blocks, path('crt')) : null;
    const isAlone = !blocks.some(isRight);
    const wanted = about === 'crt' ? 'only certificates belong there' : 'only one private key belongs there';
    return {
      message: `${path(about)} holds ${describe(first, about, show)} on line ${first.line} of the decoded file${more(wrong)}; ${wanted}. On install, ${isAlone ? 'the router would not start.' : consequence(first, about)}`,
      help: isAlone
        ? replacement(target, first, about)
        : `Remove it from the PEM file, and encode the rest again:\n  ${encodeCommand(target, about)}`,
    };
  },
});

function more(blocks: readonly PemBlock[]): string {
  return blocks.length > 1 ? ` (and ${blocks.length - 1} more)` : '';
}

/**
 * OpenSSL reads the label of `openssl x509 -trustout` in the first block alone (`X509_AUX`), and skips it elsewhere.
 * Clients then miss an intermediate; a root they have.
 */
function skippedCertificate(target: Target, blocks: readonly PemBlock[], path: string): RuleFinding | null {
  const roles = target.material?.chain?.roles ?? [];
  const isNeeded = (at: number) => roles[at] === 'leaf' || roles[at] === 'intermediate';
  const skipped = blocks.filter(({ label }, at) => at > 0 && label === 'TRUSTED CERTIFICATE' && isNeeded(at));
  const [first] = skipped;
  if (!first) return null;
  return {
    message: `${path} has -----BEGIN TRUSTED CERTIFICATE----- on line ${first.line} of the decoded file${more(skipped)}. OpenSSL reads that label only at the top of the file: on install, the router would skip the block and not send the certificate, and clients would refuse the connection (unable to verify the first certificate).`,
    help: [
      'Write each certificate again without its trust settings, and encode the result:',
      `  ${UNTRUST} ${ownFile('crt')} > ${fixedFile('crt')}`,
      `  ${encodeFile(target, 'crt', fixedFile('crt'))}`,
    ].join('\n'),
  };
}

function wrongInKey(blocks: readonly PemBlock[]): PemBlock[] {
  const [key, ...others] = blocks.filter(isPrivateKeyBlock);
  const isParameters = ({ label }: PemBlock) => label === 'EC PARAMETERS' && key?.label === 'EC PRIVATE KEY';
  const foreign = blocks.filter((block) => !isPrivateKeyBlock(block) && !isParameters(block));
  return [...foreign, ...others];
}

function describe(block: PemBlock, about: EncodedName, show: Context['show']): string {
  if (isPrivateKeyBlock(block)) return about === 'crt' ? 'a private key' : 'a second private key';
  if (isCertificateBlock(block)) return 'a certificate';
  if (block.label.endsWith('CERTIFICATE REQUEST'))
    return 'a certificate request (what is sent to the CA, not what comes back)';
  if (block.label.endsWith('PUBLIC KEY')) return 'a public key';
  if (block.label === 'PKCS7' || block.label === 'CMS') return 'a PKCS#7 bundle';
  return `a ${show(block.label, 'PEM label')} block`;
}

function consequence(block: PemBlock, about: EncodedName): string {
  return about === 'crt' && isPrivateKeyBlock(block)
    ? 'everything that may read the certificate could read the private key.'
    : 'some programs would skip it and others refuse the whole file.';
}

function replacement(target: Target, block: PemBlock, about: EncodedName): string {
  if (block.label === 'PKCS7') {
    return `Extract its certificates, put them in order, and encode them:\n  openssl pkcs7 -print_certs -in ${ownFile('crt')} | sed -n '/-----BEGIN/,/-----END/p' > ${fixedFile('crt')}`;
  }
  return `Encode ${about === 'crt' ? 'the certificates' : 'the private key'} instead:\n  ${encodeCommand(target, about)}`;
}
