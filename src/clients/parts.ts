import type { Certificate } from '../x509/certificate.ts';
import { contextTag, DerError, type Field, fieldsOf, oidOf, readFields, SEQUENCE } from './der.ts';

/** A certificate in the parts that the rows ask about (RFC 5280 section 4.1). */
export interface Parts {
  certificate: Certificate;
  versionEncoded: boolean;
  serial: Buffer;
  innerAlgorithm: Field;
  outerAlgorithm: Field;
  issuer: Field;
  subject: Field;
  /** The relative names of both, and their attributes' values. */
  relativeNames: readonly Field[];
  values: readonly Field[];
  /** Algorithm and key of SubjectPublicKeyInfo. */
  keyAlgorithm: Field;
  keyBits: Buffer;
  uniqueIds: readonly Field[];
  /** Null where there is no list of them. */
  extensions: readonly Extension[] | null;
  /** By OID: what is in the OCTET STRING, or nothing. */
  extension(id: string): readonly Field[];
  /** What is in the list that is the extension's value; nothing without the extension, or where it is no list. */
  listOf(id: string): readonly Field[];
  /** Subject alternative names (GeneralName). */
  names: readonly Field[];
}

export interface Extension {
  id: string;
  /** The encoded flag. */
  critical: Field | null;
  value: Buffer;
}

const SUBJECT_ALT_NAME = '2.5.29.17';

/**
 * Takes a certificate apart.
 * @throws DerError where it is not encoded in DER
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
  const attributes = relativeNames.flatMap(fieldsOf);
  const list = rest.find(({ tag }) => tag === contextTag(3, true));
  const extensions = list ? fieldsOf(fieldsOf(list)[0]).map(extensionOf) : null;
  const extension = (id: string): readonly Field[] => {
    const found = extensions?.find((each) => each.id === id);
    return found ? readFields(found.value) : [];
  };
  const listOf = (id: string): readonly Field[] => {
    const [value] = extension(id);
    return value?.tag === SEQUENCE ? fieldsOf(value) : [];
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
    values: attributes.map((attribute) => fieldsOf(attribute)[1] as Field),
    keyAlgorithm,
    keyBits: keyBits.content,
    uniqueIds: rest.filter(({ tag }) => tag === contextTag(1, false) || tag === contextTag(2, false)),
    extensions,
    extension,
    listOf,
    names: listOf(SUBJECT_ALT_NAME),
  };
}

function extensionOf(field: Field): Extension {
  const [id, second, third] = fieldsOf(field);
  const value = third ?? second;
  if (!value) throw new DerError();
  return { id: oidOf(id), critical: third && second ? second : null, value: value.content };
}
