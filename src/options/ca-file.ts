import { LintError } from '../errors.ts';
import { readInput } from '../files/read.ts';
import type { Io } from '../io.ts';
import { escapeUnsafe } from '../text/escape.ts';
import { isCertificateBlock } from '../x509/blocks.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';
import type { KnownRoots } from '../x509/chain/chain.ts';
import { readPem } from '../x509/pem.ts';
import { caFile, either, publicRoots } from '../x509/roots.ts';

/**
 * The roots of every `--ca-file`, beside the public ones.
 * @throws LintError where a file cannot be read, or holds no certificate or one that does not parse
 */
export function readCaFiles(files: readonly string[], io: Io): KnownRoots {
  const certificates: Certificate[] = [];
  for (const file of files) {
    const { bytes, name } = readInput(file, io);
    const blocks = readPem(bytes).blocks.filter(isCertificateBlock);
    if (blocks.length === 0) {
      throw new LintError(
        `--ca-file ${escapeUnsafe(name)} holds no certificate`,
        'Name a PEM file with -----BEGIN CERTIFICATE----- in it.',
      );
    }
    for (const [index, block] of blocks.entries()) {
      const read = readCertificate(block, index);
      if (!read.ok) {
        throw new LintError(
          `--ca-file ${escapeUnsafe(name)}: certificate ${index + 1} (line ${block.line}) cannot be read`,
          'Take that certificate from where it came once more.',
        );
      }
      certificates.push(read.certificate);
    }
  }
  return either(caFile(certificates), publicRoots());
}
