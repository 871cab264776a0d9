import { contentOf, dottedOid, integerOf, readElement, sequenceOf, TAG } from './asn1.ts';

/** One policy of certificatePolicies (RFC 5280 section 4.2.1.4). */
export interface PolicyInformation {
  policyIdentifier: string;
  /** Java refuses them in a critical extension. */
  hasQualifiers: boolean;
}

/** One mapping of policyMappings (RFC 5280 section 4.2.1.5). */
export interface PolicyMapping {
  issuerDomainPolicy: string;
  subjectDomainPolicy: string;
}

/** policyConstraints (RFC 5280 section 4.2.1.11): numbers of certificates, null where not set. */
export interface PolicyConstraints {
  requireExplicitPolicy: number | null;
  inhibitPolicyMapping: number | null;
}

/** Reads the value of certificatePolicies. @throws Asn1Error where it is malformed */
export function readCertificatePolicies(value: Buffer): PolicyInformation[] {
  return sequenceOf(readElement(value)).map((information) => {
    const [identifier, qualifiers] = sequenceOf(information);
    return { policyIdentifier: dottedOid(identifier), hasQualifiers: qualifiers !== undefined };
  });
}

/** Reads the value of policyMappings. @throws Asn1Error where it is malformed */
export function readPolicyMappings(value: Buffer): PolicyMapping[] {
  return sequenceOf(readElement(value)).map((mapping) => {
    const [issuer, subject] = sequenceOf(mapping);
    return { issuerDomainPolicy: dottedOid(issuer), subjectDomainPolicy: dottedOid(subject) };
  });
}

/** Reads the value of policyConstraints. @throws Asn1Error where it is malformed */
export function readPolicyConstraints(value: Buffer): PolicyConstraints {
  const parts = sequenceOf(readElement(value));
  const skip = (tag: number): number | null => {
    const part = parts.find((each) => each.tag === tag);
    return part ? skipCerts(part.content) : null;
  };
  return { requireExplicitPolicy: skip(0x80), inhibitPolicyMapping: skip(0x81) };
}

/** Reads the value of inhibitAnyPolicy (RFC 5280 section 4.2.1.14). @throws Asn1Error where it is malformed */
export function readInhibitAnyPolicy(value: Buffer): number {
  return skipCerts(contentOf(readElement(value), TAG.integer));
}

function skipCerts(content: Buffer): number {
  return Math.min(Number(integerOf(content)), Number.MAX_SAFE_INTEGER);
}
