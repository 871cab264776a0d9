/** All that decides what looks like a key or certificate and stays out of every output. */

const PEM = /-----BEGIN|LS0tLS1/;

/** In a name, a path or a host: those are in lower case, with hyphens and dots between their words. */
const BASE64_IN_NAME = /[A-Za-z0-9+/]{32,}/g;
/** Longer than a SHA-256 digest, which is public. */
const HEX_IN_NAME = /[0-9a-f]{65,}/i;
const REDACTED_NAME = '(redacted: it looks like a key or certificate)';

/** In running text, where paths may be long: longer than any word. */
const BASE64_IN_TEXT = /[A-Za-z0-9+/]{48,}/g;

/** In text beside which the secrets are known: no piece of one of so many characters is shown. */
const PIECE_LENGTH = 12;
const WORD = /[A-Za-z0-9+/=_-]+/g;
const REDACTED_WORD = '(redacted)';

/**
 * Redacts a key or certificate given as a name, a path or a host: PEM, a long run of base64 or of hexadecimal,
 * with white space inside or not.
 */
export function redact(text: string): string {
  return isMaterial(text) || isMaterial(text.replace(/\s+/g, '')) ? REDACTED_NAME : text;
}

function isMaterial(text: string): boolean {
  if (PEM.test(text) || HEX_IN_NAME.test(text)) return true;
  return (text.match(BASE64_IN_NAME) ?? []).some((run) => /[a-z]/.test(run) && /[A-Z]/.test(run));
}

/**
 * Redacts every word that holds a piece of a known secret, PEM, or a long run of base64.
 * @param secrets strings of which no piece may be shown
 */
export function redactPieces(text: string, secrets: readonly string[]): string {
  return text.replace(WORD, (word) => (isSecret(word, secrets) ? REDACTED_WORD : word));
}

function isSecret(word: string, secrets: readonly string[]): boolean {
  if (word.includes('-----BEGIN') || word.search(BASE64_IN_TEXT) >= 0) return true;
  for (let at = 0; at + PIECE_LENGTH <= word.length; at += 1) {
    const piece = word.slice(at, at + PIECE_LENGTH);
    if (secrets.some((secret) => secret.includes(piece))) return true;
  }
  return false;
}

/** Whether a YAML file holds PEM, or outside its comments what looks like base64 of a key or certificate. */
export function holdsMaterial(yaml: string): boolean {
  if (PEM.test(yaml)) return true;
  const spoken = yaml.replace(/^\s*#.*$/gm, '');
  return (spoken.match(BASE64_IN_TEXT) ?? []).some(
    (run) => /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run),
  );
}
