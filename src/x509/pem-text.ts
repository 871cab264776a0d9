const COLUMNS = /.{1,64}/g;

/** One block of PEM (RFC 7468 section 2): lines of 64 characters, each ended by a line feed. */
export function pemText(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(COLUMNS) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
