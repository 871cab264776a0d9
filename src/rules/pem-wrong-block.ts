import type { PemBlock } from '../x509/pem-block.ts';
import { isCertificateBlock, isPrivateKeyBlock } from '../x509/pem-label.ts';
import { type Context, type RuleFinding, rule } from './rule.ts';
import { byMistake, subject, valuesOf } from './shared/alike.ts';
import { encodeOwn, encodePkcs7 } from './shared/commands.ts';
import { wrappedIn } from './shared/contents.ts';
import { isSwapped } from './shared/keys.ts';
import { type EncodedName, type PemValue, pemTexts } from './shared/needs.ts';
import { LIGHTRUN_PAGE, measured } from './shared/sources.ts';

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
  needs: pemTexts,
  check({ texts, ...context }) {
    if (isSwapped(context.target)) return null;
    const wrong = texts.flatMap((text) => wrongIn(text));
    const [one, other] = wrong;
    if (one && other && isMixed(one) && isMixed(other)) return joined([one, other], context);
    return [
      ...byMistake(
        wrong,
        ({ first, about, isAlone }) => `${describe(first, about, context.show)} ${isAlone}`,
      ).map((alike) => finding(alike, context)),
      ...texts.flatMap((text) => skippedCertificate(text, context)),
    ];
  },
});

interface Wrong {
  about: EncodedName;
  first: PemBlock;
  count: number;
  /** Nothing in the value is what belongs there. */
  isAlone: boolean;
  isPrivateKey: boolean;
}

function wrongIn({ about, pem: { blocks } }: PemValue): Wrong[] {
  const isRight = about === 'crt' ? isCertificateBlock : isPrivateKeyBlock;
  const wrong = about === 'crt' ? blocks.filter((block) => !isRight(block)) : wrongInKey(blocks);
  const [first] = wrong;
  if (!first) return [];
  const isPrivateKey = about === 'crt' && wrong.some(isPrivateKeyBlock);
  return [{ about, first, count: wrong.length, isAlone: !blocks.some(isRight), isPrivateKey }];
}

/** Certificates and the private key in one value. */
function isMixed({ about, first, isAlone, isPrivateKey }: Wrong): boolean {
  return !isAlone && (about === 'crt' ? isPrivateKey : isCertificateBlock(first));
}

/** One file with certificates and key was given for both values. */
function joined(both: [Wrong, Wrong], context: Context): RuleFinding {
  return {
    ...valuesOf(both),
    message: `${subject(context, both, 'holds', 'both hold')} the certificates and the private key, as one joined file. On install, everything that may read the certificate could read the private key.`,
    help: `Give only the certificates in ${context.path('crt')}, and only the private key in ${context.path('key')}.`,
    commands: encodeOwn(context, 'crt', 'key'),
  };
}

function finding(alike: readonly [Wrong, ...Wrong[]], context: Context): RuleFinding {
  const [{ about, first, isAlone, count }] = alike;
  const names = alike.map((each) => each.about);
  const wanted = about === 'crt' ? 'only certificates belong there' : 'only one private key belongs there';
  const place = `line ${first.line} of the decoded file`;
  return {
    ...valuesOf(alike),
    message: `${subject(context, alike, 'holds', 'hold')} ${describe(first, about, context.show)} (${place}${count > 1 ? `; and ${count - 1} more` : ''})${alike.length > 1 ? '' : `; ${wanted}`}. On install, ${isAlone ? 'the router would not start.' : consequence(first, about)}`,
    help: isAlone
      ? first.label === 'PKCS7'
        ? 'Give encode the original file with --cert: it takes the certificates out of it, in order.'
        : `Encode ${alike.length > 1 ? 'the certificates and the private key' : about === 'crt' ? 'the certificates' : 'the private key'} instead.`
      : 'Remove it from the PEM file, and encode the rest.',
    commands:
      first.label === 'PKCS7' && names.includes('crt') ? encodePkcs7(context) : encodeOwn(context, ...names),
  };
}

/**
 * OpenSSL reads the label of `openssl x509 -trustout` in the first block alone (`X509_AUX`), and skips it elsewhere.
 * Clients then miss an intermediate; a root they have.
 */
function skippedCertificate({ about, pem: { blocks } }: PemValue, context: Context): RuleFinding[] {
  const roles = context.target.material?.chain?.roles ?? [];
  const isNeeded = (at: number) => roles[at] === 'leaf' || roles[at] === 'intermediate';
  const skipped = blocks.filter(({ label }, at) => at > 0 && label === 'TRUSTED CERTIFICATE' && isNeeded(at));
  const [first] = skipped;
  if (about !== 'crt' || !first || !blocks.every(isCertificateBlock)) return [];
  const more = skipped.length > 1 ? ` (and ${skipped.length - 1} more)` : '';
  return [
    {
      about,
      message: `${context.path('crt')} has -----BEGIN TRUSTED CERTIFICATE----- on line ${first.line} of the decoded file${more}. OpenSSL reads that label only at the top of the file: on install, the router would skip the block and not send the certificate, and clients would refuse the connection (unable to verify the first certificate).`,
      help: 'Write each certificate without its trust settings, with the label CERTIFICATE.',
      commands: encodeOwn(context, 'crt'),
    },
  ];
}

function wrongInKey(blocks: readonly PemBlock[]): PemBlock[] {
  const [key, ...others] = blocks.filter(isPrivateKeyBlock);
  const isParameters = ({ label }: PemBlock) => label === 'EC PARAMETERS' && key?.label === 'EC PRIVATE KEY';
  // `pem-malformed` names what is wrapped as a certificate.
  const isWrapped = (block: PemBlock) => isCertificateBlock(block) && wrappedIn(block) !== null;
  const foreign = blocks.filter(
    (block) => !isPrivateKeyBlock(block) && !isParameters(block) && !isWrapped(block),
  );
  return [...foreign, ...others];
}

function describe(block: PemBlock, about: EncodedName, show: Context['show']): string {
  if (isPrivateKeyBlock(block)) return about === 'crt' ? 'a private key' : 'a second private key';
  if (isCertificateBlock(block)) return 'a certificate';
  if (block.label.endsWith('CERTIFICATE REQUEST'))
    return 'a certificate request (what is sent to the CA, not what comes back)';
  if (block.label.endsWith('PUBLIC KEY')) return 'a public key';
  if (block.label === 'PKCS7' || block.label === 'CMS') return 'a PKCS#7 bundle';
  return `${/^[AEIOX]/.test(block.label) ? 'an' : 'a'} ${show(block.label, 'PEM label')} block`;
}

function consequence(block: PemBlock, about: EncodedName): string {
  return about === 'crt' && isPrivateKeyBlock(block)
    ? 'everything that may read the certificate could read the private key.'
    : 'some programs would skip it and others refuse the whole file.';
}
