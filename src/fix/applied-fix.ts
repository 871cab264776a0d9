/** What can be put right in one of the two values, by short names, with what is said of it. */
const DEEDS = {
  swapped: 'put in its place: the certificate and the key were swapped',
  encoded: 'encoded the PEM text as base64',
  unwrapped: 'joined the wrapped base64 into one line',
  alphabet: 'wrote the base64 in the standard alphabet',
  padding: 'mended the padding of the base64',
  decoded: 'took away the base64 around the base64',
  'pem-from-der': 'wrote the DER as PEM',
  'pem-layout': 'put the line breaks and boundaries of the PEM right',
  'pem-text': 'left out what stood around the PEM blocks',
  'pem-labels': 'wrote CERTIFICATE where another label stood',
  'foreign-blocks': 'left out what the other value holds already',
  order: 'put the certificates in order: leaf, intermediate, root',
  copies: 'left out the second copies of certificates',
  pkcs8: 'converted the key from SEC1 to PKCS#8',
} as const;

export type DeedKind = keyof typeof DEEDS;

/** Something that was put right. */
export interface AppliedFix {
  about: 'crt' | 'key';
  kind: DeedKind;
}

/** A deed in a few words, without a final full stop. */
export function describeAppliedFix({ kind }: AppliedFix): string {
  return DEEDS[kind];
}
