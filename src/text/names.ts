/** The longest host name (RFC 1035, section 2.3.4, as text), and the longest name of a Kubernetes object. */
export const MAX_NAME_LENGTH = 253;

/** RFC 1123 subdomain as Kubernetes has it, which does not limit a label by itself. */
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const HOST = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/;
const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/** Whether Kubernetes takes a string as the name of a Secret (apimachinery, `IsDNS1123Subdomain`). */
export function isSecretName(text: string): boolean {
  return text.length <= MAX_NAME_LENGTH && SUBDOMAIN.test(text);
}

/** Whether a string is a bare DNS name in lower case, as an Ingress wants it (RFC 1123 subdomain, no IP address). */
export function isHostName(text: string): boolean {
  return text.length <= MAX_NAME_LENGTH && HOST.test(text) && !IPV4.test(text);
}

/**
 * A host name in the form that certificates use: lower case, A-labels in place of Unicode, no dot at the end.
 * @param text no part of a URL but a host name, which need not be valid
 * @returns an empty string where it has none, as with a label `xn--` that encodes nothing (RFC 5891, section 4.2.3.1):
 *   Node 24 and newer pass those on
 */
export function asciiHostName(text: string): string {
  const { domainToASCII, domainToUnicode } = process.getBuiltinModule('node:url');
  const name = domainToASCII(text).replace(/\.$/, '').toLowerCase();
  if (!name.includes('xn--')) return name;
  const decoded = domainToUnicode(name);
  return domainToASCII(decoded) === name && !/(^|\.)xn--/.test(decoded) ? name : '';
}

/** Whether a string has the form of an IPv4 address in dotted decimals, or of an IPv6 address. */
export function looksLikeIp(text: string): boolean {
  return IPV4.test(text) || text.includes(':');
}

/** Valid names that YAML 1.1, as Kubernetes' tools read it, takes for a boolean, null, an integer or a float. */
const NOT_A_STRING =
  /^(y|yes|on|true|n|no|off|false|null|0x[0-9a-f]+|0o[0-7]+|0b[01]+|[0-9]+(\.[0-9]*)?(e-?[0-9]+)?)$/;

/** Whether YAML reads a valid name as a string where it is written without quotes, as the chart does. */
export function isStringUnquoted(name: string): boolean {
  return !NOT_A_STRING.test(name);
}
