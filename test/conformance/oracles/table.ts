/** What the oracles say of values files, as a table for people. */
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parse } from 'yaml';
import { HOST } from '../case.ts';
import { inParallel } from '../in-parallel.ts';
import { type Answer, type AskedPair, askAll, type Oracle } from './index.ts';

/**
 * The pair of a values file. Its clients trust the certificates of the file of the same name that ends in `.ca.pem`;
 * without one, the self-signed ones of the pair.
 * @throws Error where the file has no pair
 */
export function pairOf(file: string, caFile: string | null, host: string | null): AskedPair {
  const values = parse(readFileSync(file, 'utf8'), { version: '1.1' });
  const { crt, key } = values?.certificate?.tls ?? {};
  if (typeof crt !== 'string' || typeof key !== 'string') throw new Error(`${file} has no pair`);
  const own = { crt: Buffer.from(crt, 'base64'), key: Buffer.from(key, 'base64') };
  const beside = caFile ?? file.replace(/\.ya?ml$/, '.ca.pem');
  const roots = existsSync(beside) ? readFileSync(beside, 'utf8') : rootsIn(own.crt);
  return { ...own, roots, host: host ?? values?.general?.lightrun_endpoint ?? HOST };
}

function rootsIn(crt: Buffer): string | null {
  const blocks = crt
    .toString('latin1')
    .match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/g);
  if (!blocks) return null;
  const selfSigned = blocks.filter((block) => {
    try {
      const x509 = new X509Certificate(block);
      return x509.subject === x509.issuer && x509.verify(x509.publicKey);
    } catch {
      return false;
    }
  });
  return selfSigned.length > 0 ? selfSigned.join('') : null;
}

/** Pairs asked about at the same time. */
const AT_ONCE = 4;

/** Asks about each file, and gives a table in Markdown, with the reasons below it. */
export async function tableOf(
  oracles: readonly Oracle[],
  files: readonly string[],
  pairFor: (file: string) => AskedPair,
): Promise<string> {
  const rows: string[] = [];
  const reasons: string[] = [];
  const asked = await inParallel(files, AT_ONCE, (file) => askAll(oracles, pairFor(file)));
  for (const [at, answers] of asked.entries()) {
    const file = files[at] ?? '';
    rows.push(row([basename(file), ...oracles.map(({ id }) => sign(answers.get(id)))]));
    const said = new Map<string, string[]>();
    for (const [id, { accepts, because }] of answers) {
      if (accepts !== true) said.set(because, [...(said.get(because) ?? []), id]);
    }
    const lines = [...said].map(([because, ids]) => `- ${ids.join(', ')}: ${because}`);
    if (lines.length > 0) reasons.push(`${basename(file)}\n${lines.join('\n')}`);
  }
  const heads = ['case', ...oracles.map(({ id }) => id)];
  return [
    ...oracles.map(({ id, version }) => `${id}: ${version}`),
    '',
    row(heads),
    row(heads.map(() => '---')),
    ...rows,
    '',
    ...reasons,
    '',
  ].join('\n');
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function sign(answer: Answer | undefined): string {
  if (answer === undefined || answer.accepts === null) return '?';
  return answer.accepts ? 'ok' : 'NO';
}
