/** Whether a file may hold Secrets as its own objects, so that it pays to load the code for them. */
export function mayHoldSecrets(bytes: Buffer): boolean {
  if (!bytes.includes('kind') || !bytes.includes('Secret')) return false;
  const text = bytes.toString();
  return (
    /^\ufeff?["']?kind["']?[ \t]*:[ \t]*["']?(?:Secret|SecretList|List)\b/m.test(text) ||
    /^\ufeff?\s*\{/.test(text)
  );
}
