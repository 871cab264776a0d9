/** What a file without PEM really is. */
export type ForeignFormat =
  | 'empty'
  | 'der-certificate'
  | 'der-private-key'
  | 'der'
  | 'pkcs12'
  | 'pkcs7'
  | 'jks'
  | 'openssh-public-key'
  | 'utf16'
  | 'html'
  | 'json'
  | 'unknown';

/** What a file or value without PEM is, as a noun for a sentence. */
export const FORMAT_NAMES: Readonly<Record<ForeignFormat, string>> = {
  empty: 'an empty file',
  'der-certificate': 'a DER certificate',
  'der-private-key': 'a DER private key',
  der: 'DER data of another kind',
  pkcs12: 'a PKCS#12 file (.p12, .pfx)',
  pkcs7: 'a PKCS#7 file (.p7b)',
  jks: 'a Java keystore (JKS)',
  'openssh-public-key': 'an OpenSSH public key',
  utf16: 'UTF-16 text (Windows)',
  html: 'an HTML page (of a proxy or a sign-in page)',
  json: 'JSON',
  unknown: 'data in an unknown format',
};
