import { LintError } from '../errors.ts';
import { type Input, readInput } from '../files/read.ts';
import type { Io } from '../io.ts';
import { escapeUnsafe } from '../text/display.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';
import { readPem } from '../x509/pem.ts';
import { isCertificateBlock } from '../x509/pem-label.ts';
import { type KnownRoots, publicRoots, rootsOf, together } from '../x509/roots.ts';

/**
 * Reads the roots of every `--ca-file`.
 * @returns them and the public ones
 * @throws LintError where a file cannot be read, or holds no certificate or a broken one
 */
export function readCaFiles(files: readonly string[], io: Io): KnownRoots {
  return rootsIn(files.map((file) => readInput(file, io)));
}

/**
 * The roots in PEM files that were read.
 * @returns them and the public ones
 * @throws LintError where one holds no certificate or a broken one
 */
export function rootsIn(files: readonly Input[]): KnownRoots {
  const certificates: Certificate[] = [];
  for (const { bytes, name } of files) {
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
          'Get a fresh copy of the certificate.',
        );
      }
      certificates.push(read.certificate);
    }
  }
  return together(rootsOf('ca-file', certificates), publicRoots());
}
