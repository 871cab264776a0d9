const PEM = /-----BEGIN|LS0tLS1/;
const LONG_RUN = /[A-Za-z0-9+/=_-]{40,}/g;
const WITHHELD = '(withheld: it looks like a key or certificate)';

/**
 * Keeps a key or certificate that stands where a name, a path or a host belongs out of every output: PEM, or a
 * long run of base64. Names of Secrets and hosts are lower-case, digests are hexadecimal; base64 is neither.
 */
export function withhold(text: string): string {
  return isMaterial(text) ? WITHHELD : text;
}

function isMaterial(text: string): boolean {
  if (PEM.test(text)) return true;
  return (text.match(LONG_RUN) ?? []).some((run) => /[a-z]/.test(run) && /[A-Z]/.test(run));
}
