/**
 * Runs the commands that findings print, as they are, in a real shell, in a folder with the files that a user has. What
 * these hold is what the values of the case should have been made from.
 */

import { spawnSync } from 'node:child_process';
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Finding, isAmong, mayBeFixed, type Outcome } from '../../src/lint/check.ts';
import { type LintOptions, lint } from '../../src/lint/lint.ts';
import { offerFix } from '../../src/lint/offer-fix.ts';
import { lintOptions } from './lint.ts';
import { CASES } from './pairs.ts';
import { pkcs7 } from './pkcs7.ts';
import { pkcs12 } from './pkcs12.ts';
import { ISSUED, type Issued, issue, pkcs8, spkiOf } from './pki.ts';
import { intermediate, type RuleCase, root, usual } from './rule-case.ts';
import { COMMAND, run } from './run.ts';
import { inTerminal } from './terminal.ts';
import { inlineYaml } from './values-yaml.ts';

/** One form of a finding with the commands that it prints. */
export interface PrintedForm {
  rule: string;
  /** The name of the case that shows it. */
  name: string;
  commands: readonly string[];
  finding: Finding;
  outcome: Outcome;
  yaml: string;
  options: LintOptions;
}

/** The shells of users; those that this machine has. */
export const SHELLS = ['sh', 'bash', 'zsh'].filter(
  (shell) => spawnSync(shell, ['-c', ':'], { stdio: 'ignore' }).status === 0,
);

const FILE = 'values.yaml';
const PASSPHRASES = ['secret', '123456'];

/**
 * Every finding with commands in the cases of the rules.
 * @param only these rules, until there is one of each
 */
export async function printedForms(file = FILE, only: readonly string[] = []): Promise<PrintedForm[]> {
  const forms: PrintedForm[] = [];
  const isWanted = ({ expected }: RuleCase) =>
    only.length === 0 || expected.some((rule) => only.includes(rule));
  for (const each of [...CASES.values()].flat().filter(isWanted)) {
    const yaml = 'yaml' in each ? each.yaml : inlineYaml(each.crt, each.key) + (each.more ?? '');
    const options = lintOptions({
      ...each.options,
      invocation: { program: 'lightrun-cert', caFiles: [], caFileFlag: '--ca-file', kubectl: 'kubectl' },
    });
    if (only.length > 0 && only.every((rule) => forms.some((form) => form.rule === rule))) break;
    if (options.readSecret !== null || options.at.getTime() > Date.now() + 1000) continue;
    const outcome = await linted(Buffer.from(yaml), file, options);
    for (const finding of outcome.findings) {
      if (finding.commands.length === 0) continue;
      const { rule, commands } = finding;
      forms.push({ rule, name: each.name, commands, finding, outcome, yaml, options });
    }
  }
  return forms;
}

/** As `lint` does it for a file. */
async function linted(bytes: Buffer, file: string, options: LintOptions): Promise<Outcome> {
  const outcome = await lint(bytes, file, options);
  if (!mayBeFixed(outcome)) return outcome;
  const [offered = outcome] = await offerFix([outcome], { bytes, name: file }, options);
  return offered;
}

/** One form of each rule: the commands without what differs from case to case. */
export function sampleOf(forms: readonly PrintedForm[]): PrintedForm[] {
  return [...new Map(forms.map((form) => [`${form.rule} ${form.commands.join('\n')}`, form])).values()];
}

/**
 * Runs the commands of a form.
 * @returns what went wrong, a line each; nothing where the finding is gone, no other error came, and no file changed but
 * the values file
 */
export async function tryForm(form: PrintedForm, shell: string, file = FILE): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'printed-'));
  try {
    const bin = join(folder, '.bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'lightrun-cert'), `#!/bin/sh\nexec '${process.execPath}' '${COMMAND}' "$@"\n`);
    chmodSync(join(bin, 'lightrun-cert'), 0o755);
    const files = { ...ownFiles(form.outcome), [file]: form.yaml };
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    let said = await runLines(form.commands, form.yaml, shell, folder, bin);
    let left = await linted(readFileSync(join(folder, file)), file, form.options);
    // What was hidden by the mistake is fixed next, as the user would.
    for (const { commands } of left.findings.filter(({ severity }) => severity === 'error')) {
      said += await runLines(commands, form.yaml, shell, folder, bin);
      left = await linted(readFileSync(join(folder, file)), file, form.options);
    }
    return [
      ...(isAmong(form.finding, left.findings) ? ['still there'] : []),
      ...newErrors(form.outcome, left).map((rule) => `new error: ${rule}`),
      ...changedFiles(folder, files, file),
    ].map((wrong) => `${wrong}; it said: ${said.trim()}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function runLines(
  commands: readonly string[],
  yaml: string,
  shell: string,
  folder: string,
  bin: string,
): Promise<string> {
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
  // The key in the values is asked about; that in the user's file is open.
  const passphrase = commands.some((line) => line.includes('--key values.yaml')) ? passphraseOf(yaml) : null;
  if (passphrase !== null) {
    const line = `cd ${folder} && PATH=${bin}:$PATH; ${commands.join('\n')}`;
    return inTerminal(line, [['assphrase', `${passphrase}\n`]]);
  }
  const { stdout, stderr } = await run(shell, ['-c', commands.join('\n')], { cwd: folder, env });
  return `${stdout}${stderr}`;
}

/** What opens the private key of the values, where it is encrypted. */
function passphraseOf(yaml: string): string | null {
  const pem = Buffer.from(/key: "?([\w+/=]+)/.exec(yaml)?.[1] ?? '', 'base64').toString();
  if (!pem.includes('ENCRYPTED')) return null;
  // `encode` tries this one by itself.
  if (opens(pem, /keystore_password: (\w+)/.exec(yaml)?.[1] ?? '')) return null;
  return PASSPHRASES.find((passphrase) => opens(pem, passphrase)) ?? null;
}

function opens(pem: string, passphrase: string): boolean {
  try {
    createPrivateKey({ key: pem, passphrase });
    return true;
  } catch {
    return false;
  }
}

function newErrors(before: Outcome, after: Outcome): string[] {
  const errorsOf = ({ findings }: Outcome) =>
    findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule);
  const known = new Set(errorsOf(before));
  return errorsOf(after).filter((rule) => !known.has(rule));
}

function changedFiles(folder: string, files: Record<string, string | Buffer>, file: string): string[] {
  const names = readdirSync(folder).filter((name) => name !== '.bin');
  const changed = Object.entries(files).filter(
    ([name, content]) =>
      name !== file &&
      (!names.includes(name) || !readFileSync(join(folder, name)).equals(Buffer.from(content))),
  );
  const added = names.filter((name) => !(name in files));
  return [...changed.map(([name]) => `changed: ${name}`), ...added.map((name) => `new file: ${name}`)];
}

/** The user's files, by their names on Lightrun's page. */
function ownFiles({ target }: Outcome): Record<string, string | Buffer> {
  const { material } = target;
  const top = material?.chain?.top;
  const missing = top?.kind === 'missing' ? issuersAbove(top.certificate.x509) : [];
  const key = privateKeyFor(target.material);
  const pair = key ? issue({ issuer: intermediate, key, san: namesFor(target) }) : usual.leaf;
  const [next = intermediate] = missing;
  return {
    'my-cert.crt': pair.pem,
    'my-cert.key': pkcs8(pair.privateKey),
    'full-chain.crt': pair.pem + intermediate.pem + root.pem,
    'intermediate.crt': next.pem,
    'root.crt': (missing.at(-1) ?? root).pem,
    'my-cert.pfx': pkcs12({
      certificates: [pair, intermediate, root].map(({ der }) => der),
      keys: [pair.privateKey],
    }),
    'my-cert.p7b': pkcs7(pair, intermediate, root),
  };
}

function namesFor({ settings }: Outcome['target']): string[] {
  const { value } = settings.endpoint;
  return [
    'lightrun.example.com',
    ...(typeof value === 'string' && /^[a-z0-9.-]+$/.test(value) ? [value] : []),
  ];
}

/** The key of the values where it can be used, else that of the leaf; null where the case has neither. */
function privateKeyFor(material: Outcome['target']['material']): KeyObject | null {
  const owner =
    material?.privateKey?.publicKey ?? (material?.chain?.leaf ?? material?.certificates[0])?.publicKey;
  const issued = ISSUED.find(({ privateKey }) => owner && spkiOf(privateKey).equals(owner.spki));
  // That of a CA is in no folder of its customers.
  return issued === root || issued === intermediate ? null : (issued?.privateKey ?? null);
}

/** The certificates above one that the values hold, up to a root. */
function issuersAbove(certificate: X509Certificate): Issued[] {
  const issuer = ISSUED.find(({ der }) => isIssuer(new X509Certificate(der), certificate));
  if (!issuer) return [];
  const own = new X509Certificate(issuer.der);
  return own.checkIssued(own) ? [issuer] : [issuer, ...issuersAbove(own)];
}

function isIssuer(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}
