import { CannotJudge } from '../errors.ts';
import type { Io } from '../io.ts';
import { isCertificateBlock } from '../material/blocks.ts';
import { type Certificate, readCertificate } from '../material/certificate.ts';
import type { KnownRoots } from '../material/chain.ts';
import { readPem } from '../material/pem.ts';
import { caFile, either, publicRoots } from '../material/roots.ts';
import { harmless } from '../text/harmless.ts';
import { readInput } from './input.ts';

/**
 * The roots of every `--ca-file`, beside the public ones.
 * @throws CannotJudge where a file cannot be read, or holds no certificate or one that does not parse
 */
export function readCaFiles(files: readonly string[], io: Io): KnownRoots {
  const certificates: Certificate[] = [];
  for (const file of files) {
    const { bytes, name } = readInput(file, io);
    const blocks = readPem(bytes).blocks.filter(isCertificateBlock);
    if (blocks.length === 0) {
      throw new CannotJudge(
        `--ca-file ${harmless(name)} holds no certificate`,
        'Name a PEM file with -----BEGIN CERTIFICATE----- in it.',
      );
    }
    for (const [index, block] of blocks.entries()) {
      const read = readCertificate(block, index);
      if (!read.ok) {
        throw new CannotJudge(
          `--ca-file ${harmless(name)}: certificate ${index + 1} (line ${block.line}) cannot be read`,
          'Take that certificate from where it came once more.',
        );
      }
      certificates.push(read.certificate);
    }
  }
  return either(caFile(certificates), publicRoots());
}
