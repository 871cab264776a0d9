import { Attribute, CertificationRequest, Extensions } from 'pkijs';
import { ENGINE, type KeyPair } from '../self-signed/key-pair.ts';
import { serverExtensions, subjectOf } from '../self-signed/server.ts';
import { pemText } from '../x509/pem-block.ts';

/** A certificate signing request. */
export interface SigningRequest {
  /** In PEM. */
  pem: string;
  /** DER of its SubjectPublicKeyInfo, which will be that of the certificate. */
  spki: Buffer;
}

/** RFC 2985 section 5.4.2: the attribute with the extensions that are asked for. */
const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';

/**
 * Makes a certificate signing request for a TLS server (PKCS#10, RFC 2986), with every host as a subject alternative
 * name.
 * @param hosts DNS names in A-labels and lower case, wildcards too, and IP addresses
 */
export async function signingRequest(hosts: readonly string[], keyPair: KeyPair): Promise<SigningRequest> {
  const request = new CertificationRequest({ subject: subjectOf(hosts, null) });
  await request.subjectPublicKeyInfo.importKey(keyPair.publicKey, ENGINE);
  const extensions = serverExtensions(hosts, keyPair.type);
  request.attributes = [
    new Attribute({ type: EXTENSION_REQUEST, values: [new Extensions({ extensions }).toSchema()] }),
  ];
  await request.sign(keyPair.privateKey, keyPair.hash, ENGINE);
  return {
    pem: pemText('CERTIFICATE REQUEST', Buffer.from(request.toSchema(true).toBER())),
    spki: Buffer.from(request.subjectPublicKeyInfo.toSchema().toBER()),
  };
}
