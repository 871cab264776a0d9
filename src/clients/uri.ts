/** Letters, digits and hyphens as `java.net.URI` takes them for a host name, with or without a final dot. */
const JAVA_HOST_NAME =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.?$/;

/**
 * Whether Java parses a URI in a subject alternative name: `java.net.URI` (RFC 2396) does, it has a scheme, and its
 * host, where there is one, is a name or an address (`sun.security.x509.URIName`, the same from 8 to 25).
 * @param uri one character a byte
 */
export function isJavaUri(uri: string): boolean {
  const [, rest = ''] = /^[A-Za-z][A-Za-z0-9+.-]*:(.*)$/s.exec(uri) ?? [];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\x00-\x20\x7f"<>\\^`{|}]|%(?![0-9A-Fa-f]{2})|#.*#/s.test(rest)) return false;
  const [beforeFragment = ''] = rest.split('#');
  if (beforeFragment === '') return false;
  if (!beforeFragment.startsWith('/')) return true;
  const [path = ''] = beforeFragment.split('?');
  if (!path.startsWith('//')) return !/[[\]]/.test(path);
  const [, authority = '', after = ''] = /^\/\/([^/]*)(.*)$/s.exec(path) ?? [];
  if (/[[\]]/.test(after)) return false;
  if (authority === '') return after !== '';
  const host = authority.replace(/^.*@/s, '').replace(/:\d*$/, '');
  if (/[[\]]/.test(host)) return host.startsWith('[') && host.endsWith(']') && isIpv6(host.slice(1, -1));
  return !(host.endsWith('.') && JAVA_HOST_NAME.test(host));
}

/**
 * Whether Go parses a URI in a subject alternative name: `url.Parse` does, and its host has no empty label
 * (`parseSANExtension` and `domainNameValid` of crypto/x509, 1.26).
 * @param uri one character a byte
 */
export function isGoUri(uri: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\x00-\x1f\x7f]/.test(uri) || uri.startsWith(':')) return false;
  const [beforeFragment = '', ...fragment] = uri.split('#');
  if (!isEscaped(fragment.join('#'))) return false;
  const [, scheme, rest = ''] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(.*)$/s.exec(beforeFragment) ?? [];
  const [path = ''] = rest.split('?');
  if (!path.startsWith('/')) {
    if (scheme !== undefined) return true;
    return !(path.split('/')[0] as string).includes(':') && isEscaped(path);
  }
  if (!path.startsWith('//') || (scheme === undefined && path.startsWith('///'))) return isEscaped(path);
  const [, authority = '', after = ''] = /^\/\/([^/]*)(.*)$/s.exec(path) ?? [];
  return isGoAuthority(authority, scheme?.toLowerCase()) && isEscaped(after);
}

function isGoAuthority(authority: string, scheme: string | undefined): boolean {
  const [, user, host = ''] = /^(?:(.*)@)?(.*)$/s.exec(authority) ?? [];
  if (user !== undefined && !(/^[A-Za-z0-9._:~!$&'()*+,;=%@-]*$/.test(user) && isEscaped(user))) return false;
  const [, literal, literalPort = ''] = /^\[(.*)\](.*)$/s.exec(host) ?? [];
  if (literal !== undefined) return isIpv6(literal.replace(/%25.*$/s, '')) && /^(:\d*)?$/.test(literalPort);
  if (/[[\]]/.test(host) && host.lastIndexOf('[') > -1) return false;
  const strict = scheme === 'http' || scheme === 'https';
  const colon = strict ? host.indexOf(':') : host.lastIndexOf(':');
  if (colon !== -1 && !/^\d*$/.test(host.slice(colon + 1))) return false;
  // Only bytes beyond ASCII may be escaped here, and then the host is no name.
  if (!/^[A-Za-z0-9._~!$&'()*+,;=:<>"\]-]*$/.test(host)) return false;
  return host === '' || !host.split('.').includes('');
}

/** `node:net` takes time to load, and is mostly not needed. */
function isIpv6(text: string): boolean {
  return process.getBuiltinModule('node:net').isIPv6(text);
}

const isEscaped = (text: string): boolean => !/%(?![0-9A-Fa-f]{2})/.test(text);
