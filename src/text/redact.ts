const PEM = /-----BEGIN|LS0tLS1/;
const BASE64_RUN = /[A-Za-z0-9+/]{32,}/g;
/** Longer than a SHA-256 digest, which is public. */
const HEX_RUN = /[0-9a-f]{65,}/i;
const REDACTED = '(withheld: it looks like a key or certificate)';

/**
 * Keeps a key or certificate that stands where a name, a path or a host belongs out of every output: PEM, a long
 * run of base64 or of hexadecimal, white space inside it or not. Names of Secrets and hosts are in lower case, with
 * hyphens and dots between their words.
 */
export function redact(text: string): string {
  return isMaterial(text) || isMaterial(text.replace(/\s+/g, '')) ? REDACTED : text;
}

function isMaterial(text: string): boolean {
  if (PEM.test(text) || HEX_RUN.test(text)) return true;
  return (text.match(BASE64_RUN) ?? []).some((run) => /[a-z]/.test(run) && /[A-Z]/.test(run));
}
