import { type Asn1Element, TAG } from '../x509/asn1.ts';
import type { Certificate } from '../x509/certificate.ts';
import { contextTag, DerError, fieldsOf, oidOf, readFields } from './der.ts';

/** A certificate in the parts that the rows ask about (RFC 5280 section 4.1). */
export interface Parts {
  certificate: Certificate;
  versionEncoded: boolean;
  serial: Buffer;
  innerAlgorithm: Asn1Element;
  outerAlgorithm: Asn1Element;
  issuer: Asn1Element;
  subject: Asn1Element;
  /** Of both. */
  relativeNames: readonly Asn1Element[];
  attributes: readonly Attribute[];
  /** Algorithm and key of SubjectPublicKeyInfo. */
  keyAlgorithm: Asn1Element;
  keyBits: Buffer;
  uniqueIds: readonly Asn1Element[];
  /** Null where there is no list of them. */
  extensions: readonly Extension[] | null;
  /** By OID: what is in the OCTET STRING, or nothing. */
  extension(id: string): readonly Asn1Element[];
  /** What is in the list that is the extension's value; nothing without the extension, or where it is no list. */
  listOf(id: string): readonly Asn1Element[];
  /** Subject alternative names (GeneralName). */
  names: readonly Asn1Element[];
}

/** An attribute of a name. */
interface Attribute {
  /** OID. */
  type: string;
  value: Asn1Element;
}

export interface Extension {
  id: string;
  /** The encoded flag. */
  critical: Asn1Element | null;
  value: Buffer;
}

const SUBJECT_ALT_NAME = '2.5.29.17';

/**
 * Takes a certificate apart.
 * @throws Asn1Error where it is not encoded in DER
 */
export function partsOf(certificate: Certificate): Parts {
  const [tbs, outerAlgorithm] = fieldsOf(readFields(certificate.der)[0]);
  const fields = fieldsOf(tbs);
  const versionEncoded = fields[0]?.tag === contextTag(0, true);
  const [serial, innerAlgorithm, issuer, , subject, publicKey, ...rest] = versionEncoded
    ? fields.slice(1)
    : fields;
  if (!serial || !innerAlgorithm || !outerAlgorithm || !issuer || !subject) throw new DerError();
  const [keyAlgorithm, keyBits] = fieldsOf(publicKey);
  if (!keyAlgorithm || !keyBits) throw new DerError();
  const relativeNames = [issuer, subject].flatMap(fieldsOf);
  const list = rest.find(({ tag }) => tag === contextTag(3, true));
  const extensions = list ? fieldsOf(fieldsOf(list)[0]).map(extensionOf) : null;
  const values = new Map<string, readonly Asn1Element[]>();
  const extension = (id: string): readonly Asn1Element[] => {
    const known = values.get(id);
    if (known) return known;
    const found = extensions?.find((each) => each.id === id);
    const read = found ? readFields(found.value) : [];
    values.set(id, read);
    return read;
  };
  const lists = new Map<string, readonly Asn1Element[]>();
  const listOf = (id: string): readonly Asn1Element[] => {
    const known = lists.get(id);
    if (known) return known;
    const [value] = extension(id);
    const read = value?.tag === TAG.sequence ? fieldsOf(value) : [];
    lists.set(id, read);
    return read;
  };
  return {
    certificate,
    versionEncoded,
    serial: serial.content,
    innerAlgorithm,
    outerAlgorithm,
    issuer,
    subject,
    relativeNames,
    attributes: relativeNames.flatMap(fieldsOf).map(attributeOf),
    keyAlgorithm,
    keyBits: keyBits.content,
    uniqueIds: rest.filter(({ tag }) => tag === contextTag(1, false) || tag === contextTag(2, false)),
    extensions,
    extension,
    listOf,
    names: listOf(SUBJECT_ALT_NAME),
  };
}

function extensionOf(field: Asn1Element): Extension {
  const [id, second, third] = fieldsOf(field);
  const value = third ?? second;
  if (!value) throw new DerError();
  return { id: oidOf(id), critical: third && second ? second : null, value: value.content };
}

function attributeOf(field: Asn1Element): Attribute {
  const [type, value] = fieldsOf(field);
  if (!value) throw new DerError();
  return { type: oidOf(type), value };
}
