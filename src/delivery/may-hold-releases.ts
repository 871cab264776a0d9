/** Whether a file may be one of manifests, or hold releases in another form, so that it pays to load the code for them. */
export function mayHoldReleases(bytes: Buffer): boolean {
  const isManifest = bytes.includes('apiVersion') && bytes.includes('kind');
  if (
    !isManifest &&
    !bytes.includes('releases:') &&
    !bytes.includes('helmCharts:') &&
    !bytes.includes('helm:')
  ) {
    return false;
  }
  const text = bytes.toString();
  return (
    /^\ufeff?(?:["']?apiVersion["']?[ \t]*:[ \t]*\S|(?:releases|helmCharts|helm):[ \t\r]*(?:[#&{[].*)?$)/m.test(
      text,
    ) || /^\ufeff?\s*\{\s*"/.test(text)
  );
}
