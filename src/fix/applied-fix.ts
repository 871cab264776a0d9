/** Everything that can be fixed in one of the two values, with the words for it. */
const FIXES = {
  swapped: 'moved to its place: the certificate and the private key were swapped',
  encoded: 'encoded the PEM text as base64',
  unwrapped: 'joined the wrapped base64 into one line',
  alphabet: 'wrote the base64 in the standard alphabet',
  padding: 'corrected the padding of the base64',
  decoded: 'removed the second layer of base64',
  'pem-from-der': 'converted the DER to PEM',
  'pem-layout': 'corrected the line breaks and boundaries of the PEM',
  'pem-text': 'removed the text around the PEM blocks',
  'pem-labels': 'replaced other labels with CERTIFICATE',
  'foreign-blocks': 'removed what the other value already holds',
  order: 'put the certificates in order: leaf, intermediate, root',
  copies: 'removed duplicate certificates',
  pkcs8: 'converted the private key from SEC1 to PKCS#8',
} as const;

export type FixKind = keyof typeof FIXES;

export interface AppliedFix {
  about: 'crt' | 'key';
  kind: FixKind;
}

/** A fix in a few words, without a final full stop. */
export function describeAppliedFix({ kind }: AppliedFix): string {
  return FIXES[kind];
}
