import type { Certificate } from './certificate.ts';
import type { GeneralSubtree, NameConstraints } from './extensions.ts';
import { directoryRdns, type GeneralName, generalNameText, ia5Text, otherNameType } from './general-name.ts';

/** Why OpenSSL does not accept a name under name constraints: the end of its X509_V_ERR_ code. */
export type NameConstraintError =
  | 'PERMITTED_VIOLATION'
  | 'EXCLUDED_VIOLATION'
  | 'SUBTREE_MINMAX'
  | 'UNSUPPORTED_CONSTRAINT_TYPE'
  | 'UNSUPPORTED_NAME_SYNTAX';

/** A name that name constraints do not allow; untrusted text. */
export interface NameViolation {
  name: string;
  error: NameConstraintError;
}

/** NAME_CHECK_MAX: names times constraints. */
const MAX_COMPARISONS = 2 ** 20;
const EMAIL_ADDRESS = '1.2.840.113549.1.9.1';
const COMMON_NAME = '2.5.4.3';
/** Labels of letters, digits, `_` and inner `-`, two or more (`cn2dnsid`). */
const HOST = /^[a-z0-9_]([-a-z0-9_]*[a-z0-9_])?(\.[a-z0-9_]([-a-z0-9_]*[a-z0-9_])?)+$/i;

/**
 * Compares the names of a certificate with the name constraints of a CA certificate above it, as OpenSSL 3.0 to 3.5
 * does (`NAME_CONSTRAINTS_check`, `NAME_CONSTRAINTS_check_CN` in crypto/x509/v3_ncons.c; RFC 5280 section 4.2.1.10):
 * the subject, the e-mail addresses in it and all subject alternative names; of a leaf without a dNSName also the
 * common names shaped like a host. OpenSSL stops at the first violation, and does not check self-issued certificates
 * above the leaf.
 * @returns all violations in OpenSSL's order; null where there are more comparisons than OpenSSL makes: it refuses the certificate
 */
export function checkNames(
  constraints: NameConstraints,
  certificate: Certificate,
  isLeaf: boolean,
): NameViolation[] | null {
  if (comparisonsOf(constraints, certificate) > MAX_COMPARISONS) return null;
  const { permittedSubtrees, excludedSubtrees } = constraints;
  const subject = certificate.subjectAttributes.flat();
  const alternatives = certificate.subjectAltName ?? [];

  const emails = subject.filter(({ type }) => type === EMAIL_ADDRESS);
  const names: (GeneralName & { isUnsupported?: boolean })[] = [
    ...(subject.length > 0 ? [{ form: 'directoryName' as const, value: certificate.subjectDer }] : []),
    ...emails.map(({ value, stringType }) => ({
      form: 'rfc822Name' as const,
      value,
      isUnsupported: stringType !== 'IA5String',
    })),
    ...alternatives,
  ];
  if (isLeaf && !alternatives.some(({ form }) => form === 'dNSName')) {
    for (const { type, text } of subject) {
      const host = type === COMMON_NAME ? text?.replace(/(?<!\0)\0+$/, '') : null;
      if (host && HOST.test(host)) names.push({ form: 'dNSName', value: Buffer.from(host) });
    }
  }
  const [permitted, excluded] = [byKind(permittedSubtrees), byKind(excludedSubtrees)];
  return names.flatMap((name): NameViolation[] => {
    const kind = kindOf(name);
    const error = name.isUnsupported
      ? 'UNSUPPORTED_NAME_SYNTAX'
      : errorOf(comparable(name), permitted.get(kind) ?? [], excluded.get(kind) ?? []);
    return error === null ? [] : [{ name: generalNameText(name), error }];
  });
}

/** Names times constraints, as OpenSSL counts them. */
export function comparisonsOf(
  { permittedSubtrees, excludedSubtrees }: NameConstraints,
  { subjectAttributes, subjectAltName }: Certificate,
): number {
  const names = subjectAttributes.flat().length + (subjectAltName ?? []).length;
  return names * (permittedSubtrees.length + excludedSubtrees.length);
}

/** A name or the base of a constraint, ready for many comparisons. */
interface Comparable {
  form: GeneralName['form'];
  value: Buffer;
  text: string;
  /** With letters of ASCII in lower case. */
  folded: string;
  /** Of a directoryName. */
  rdns: readonly string[];
}

interface Constraint {
  base: Comparable;
  hasDistance: boolean;
}

function comparable(name: GeneralName): Comparable {
  const text = ia5Text(name);
  const folded = text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  return { ...name, text, folded, rdns: name.form === 'directoryName' ? directoryRdns(name) : [] };
}

const SMTP_UTF8_MAILBOX = '1.3.6.1.5.5.7.8.9';

/** What is compared with what: the form, of an otherName with its type (RFC 8398 section 6: a mailbox is an e-mail address). */
function kindOf(name: GeneralName): string {
  if (name.form !== 'otherName') return name.form;
  const type = otherNameType(name);
  return type === SMTP_UTF8_MAILBOX ? 'rfc822Name' : `otherName ${type}`;
}

function byKind(subtrees: readonly GeneralSubtree[]): Map<string, Constraint[]> {
  const found = new Map<string, Constraint[]>();
  for (const { base, hasDistance } of subtrees) {
    const kind = kindOf(base);
    const constraint = { base: comparable(base), hasDistance };
    found.get(kind)?.push(constraint) ?? found.set(kind, [constraint]);
  }
  return found;
}

/** `nc_match`: without a permitted constraint of its kind a name is permitted. */
function errorOf(
  name: Comparable,
  permitted: readonly Constraint[],
  excluded: readonly Constraint[],
): NameConstraintError | null {
  let isPermitted = permitted.length === 0;
  for (const { base, hasDistance } of permitted) {
    if (hasDistance) return 'SUBTREE_MINMAX';
    const matched = isPermitted || matches(name, base);
    if (typeof matched === 'string') return matched;
    isPermitted = matched;
  }
  if (!isPermitted) return 'PERMITTED_VIOLATION';
  for (const { base, hasDistance } of excluded) {
    if (hasDistance) return 'SUBTREE_MINMAX';
    const matched = matches(name, base);
    if (typeof matched === 'string') return matched;
    if (matched) return 'EXCLUDED_VIOLATION';
  }
  return null;
}

/** `nc_match_single`. */
function matches(name: Comparable, base: Comparable): boolean | NameConstraintError {
  switch (name.form) {
    case 'dNSName':
      return isInDomain(name.folded, base.folded);
    case 'rfc822Name':
      return isMailbox(name, base);
    case 'uniformResourceIdentifier':
      return isUriOf(name.folded, base.folded);
    case 'iPAddress':
      return isInNetwork(name.value, base.value);
    case 'directoryName':
      return base.rdns.every((rdn, at) => name.rdns[at] === rdn);
    default:
      // A mailbox in UTF-8 is not compared here.
      return base.form === 'rfc822Name' ? 'UNSUPPORTED_NAME_SYNTAX' : 'UNSUPPORTED_CONSTRAINT_TYPE';
  }
}

/** `nc_dns`: a leading dot, which RFC 5280 does not know for DNS, means subdomains only. */
function isInDomain(host: string, domain: string): boolean {
  if (domain === '' || host === domain) return true;
  return host.endsWith(domain.startsWith('.') ? domain : `.${domain}`);
}

/** `nc_email`: one mailbox, all of a host, or with a leading dot all of its subdomains. */
function isMailbox(email: Comparable, base: Comparable): boolean | NameConstraintError {
  const at = email.text.lastIndexOf('@');
  const baseAt = base.text.lastIndexOf('@');
  if (at < 0) return 'UNSUPPORTED_NAME_SYNTAX';
  if (baseAt < 0 && base.text.startsWith('.')) {
    return email.text.length > base.text.length && email.folded.endsWith(base.folded);
  }
  if (baseAt > 0 && email.text.slice(0, at) !== base.text.slice(0, baseAt)) return false;
  return email.folded.slice(at + 1) === base.folded.slice(baseAt + 1);
}

/** `nc_uri`: the host, or with a leading dot all of its subdomains. */
function isUriOf(uri: string, base: string): boolean | NameConstraintError {
  const [, rest] = /^[^:]*:\/\/(.*)$/s.exec(uri) ?? [];
  const host = rest?.includes(':') ? rest.slice(0, rest.indexOf(':')) : rest?.split('/', 1)[0];
  if (!host) return 'UNSUPPORTED_NAME_SYNTAX';
  return base.startsWith('.') ? host.length > base.length && host.endsWith(base) : host === base;
}

/** `nc_ip`; @param network address followed by mask */
function isInNetwork(address: Buffer, network: Buffer): boolean | NameConstraintError {
  const size = address.length;
  if ((size !== 4 && size !== 16) || (network.length !== 8 && network.length !== 32)) {
    return 'UNSUPPORTED_NAME_SYNTAX';
  }
  if (network.length !== 2 * size) return false;
  return address.every((byte, at) => ((byte ^ (network[at] ?? 0)) & (network[size + at] ?? 0)) === 0);
}
