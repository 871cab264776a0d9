import type { Certificate } from './certificate.ts';
import type { NameConstraints, Subtrees } from './extensions.ts';

/**
 * The names of a certificate that name constraints above it do not allow (RFC 5280, section 4.2.1.10).
 * @param constraints those of one CA certificate above
 * @returns DNS names and IP addresses as they stand in the certificate, and its subject if that is excluded
 */
export function excludedNames(constraints: NameConstraints, certificate: Certificate): string[] {
  const { permitted, excluded } = constraints;
  const dns = hostsOf(certificate).filter((name) =>
    isExcluded(name, permitted.dns, excluded.dns, isInDomain),
  );
  const ip = certificate.ipAddresses.filter((address) =>
    isExcluded(address, permitted.ip, excluded.ip, isInNetwork),
  );
  const subject = certificate.subjectRdns;
  const directory =
    subject.length > 0 && isExcluded(subject, permitted.directory, excluded.directory, isBelow);
  return [...dns, ...ip, ...(directory ? [certificate.subject] : [])];
}

const HOST = /^(\*\.)?[a-z0-9_]([-a-z0-9_]*[a-z0-9_])?(\.[a-z0-9_]([-a-z0-9_]*[a-z0-9_])?)+$/i;

/** Without a DNS name among the alternative names, a common name shaped like a host counts as one, as in OpenSSL. */
function hostsOf({ dnsNames, commonName }: Certificate): readonly string[] {
  if (dnsNames.length > 0 || commonName === null) return dnsNames;
  return HOST.test(commonName) ? [commonName] : [];
}

/** Nothing of a kind permitted means that names of this kind are not restricted. */
function isExcluded<N, C>(
  name: N,
  permitted: readonly C[],
  excluded: readonly C[],
  matches: (name: N, constraint: C) => boolean,
): boolean {
  const isPermitted = permitted.length === 0 || permitted.some((constraint) => matches(name, constraint));
  return !isPermitted || excluded.some((constraint) => matches(name, constraint));
}

/** A leading dot, which RFC 5280 does not know for DNS, means subdomains only, as OpenSSL reads it. */
function isInDomain(name: string, constraint: Subtrees['dns'][number]): boolean {
  const [host, domain] = [name.toLowerCase(), constraint.toLowerCase()];
  if (domain === '' || host === domain) return true;
  return host.endsWith(domain.startsWith('.') ? domain : `.${domain}`);
}

/** @param network address followed by mask, 8 bytes for IPv4, 32 for IPv6 */
function isInNetwork(address: string, network: Buffer): boolean {
  const half = network.length / 2;
  const family = half === 4 ? 'ipv4' : 'ipv6';
  const isSameFamily = address.includes(':') === (family === 'ipv6');
  if (!isSameFamily || (half !== 4 && half !== 16)) return false;
  const { BlockList } = process.getBuiltinModule('node:net');
  const block = new BlockList();
  block.addSubnet(textOf(network.subarray(0, half)), prefixOf(network.subarray(half)), family);
  return block.check(address, family);
}

function textOf(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  return (bytes.toString('hex').match(/.{4}/g) ?? []).join(':');
}

/** The length of the prefix that a mask stands for; a mask with holes counts up to its first. */
function prefixOf(mask: Buffer): number {
  const bits = Array.from(mask, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const zero = bits.indexOf('0');
  return zero === -1 ? bits.length : zero;
}

/** Whether a distinguished name lies below another: begins with all its relative names. */
function isBelow(subject: readonly string[], base: readonly string[]): boolean {
  return base.every((rdn, index) => subject[index] === rdn);
}
