import { type Certificate, readCertificate } from '../../src/x509/certificate.ts';

/** Issued certificates as the program reads them from one file in this order. */
export function read(...issued: readonly { der: Buffer }[]): Certificate[] {
  return issued.map(({ der }, index) => {
    const reading = readCertificate({ der, label: 'CERTIFICATE', line: 1 + 20 * index }, index);
    if (!reading.ok) throw new Error(reading.unreadable.reason);
    return reading.certificate;
  });
}

/** One issued certificate as the program reads it. */
export function readOne(issued: { der: Buffer }): Certificate {
  return read(issued)[0] as Certificate;
}
