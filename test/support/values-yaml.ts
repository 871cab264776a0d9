/** Builds values files for tests. */

/** Base64 on one line, as the chart wants it. */
export const base64 = (pem: string | Buffer): string => Buffer.from(pem).toString('base64');

/** A values file with both values inline, in quotes; a null value is left out. */
export function inlineYaml(crt: string | null, key: string | null, more = ''): string {
  const lines = ['certificate:', '  tls:'];
  if (crt !== null) lines.push(`    crt: "${crt}"`);
  if (key !== null) lines.push(`    key: "${key}"`);
  return `${lines.join('\n')}\n${more}`;
}

/** A values file from PEM. */
export function pemYaml(crt: string | Buffer | null, key: string | Buffer | null, more = ''): string {
  return inlineYaml(crt === null ? null : base64(crt), key === null ? null : base64(key), more);
}
