// The types stand by themselves: the library's declarations are made of this file.

/** The report of `lint --format json`, as `schema/report.schema.json` describes it. */
export interface Report {
  schemaVersion: 1;
  tool: { name: 'lightrun-cert'; version: string };
  /** `notChecked` counts the targets that were not checked in full, `ignored` what was left out or silenced. */
  summary: {
    targets: number;
    errors: number;
    warnings: number;
    infos: number;
    notChecked: number;
    ignored: number;
  };
  /** What a configuration file changed; null where there is none. */
  configuration: { file: string; changes: readonly string[]; excluded: readonly string[] } | null;
  targets: readonly ReportTarget[];
}

/** One checked set of values. */
export interface ReportTarget {
  name: string;
  /** The source of the certificate in these values. */
  source: 'inline' | 'existing-secret' | 'missing' | 'conflict' | 'unreadable';
  /** `part`: something that it names could not be looked at; `none`: nothing was. */
  checked: 'full' | 'part' | 'none';
  notChecked: readonly { path: string; reason: string }[];
  /** The name in `existing_cert`. */
  existingSecret: string | null;
  /** Those that can be read, in file order. */
  certificates: readonly ReportCertificate[];
  /** What the check does not hold though all was checked; left out where there is nothing. */
  notes?: readonly string[];
  /** Whether each consumer accepts the certificate and key; empty where there are none. */
  consumers: readonly ReportConsumer[];
  findings: readonly ReportFinding[];
  /** What comments in the file silenced. */
  ignored: readonly ReportIgnored[];
}

export interface ReportCertificate {
  role: 'leaf' | 'intermediate' | 'root' | 'extra';
  /** In the string form of RFC 4514. */
  subject: string;
  issuer: string;
  /** Hexadecimal. */
  serialNumber: string;
  /** Such as `2026-11-23T00:00:00Z`. */
  notBefore: string;
  notAfter: string;
  /** Subject alternative names that name a server: DNS names and IP addresses. */
  names: readonly string[];
  /** Such as `RSA 2048` or `EC P-256`. */
  publicKey: string;
  /** 64 hexadecimal digits, as the pin. */
  fingerprintSha256: string;
  pinSha256: string;
}

export interface ReportConsumer {
  id: 'helm' | 'kubernetes' | 'openssl' | 'nginx' | 'go' | 'java' | 'browser';
  /** Whether an installation with these values has it; null without values. */
  inUse: boolean | null;
  accepts: boolean;
  /** The rules that say why it refuses. */
  because: readonly string[];
}

export interface ReportFinding extends ReportPlace {
  /** The rule's identifier, such as `chain-order`. */
  rule: string;
  severity: 'error' | 'warning' | 'info';
  message: string;
  help: string;
  /** Lines for a POSIX shell that, run in order beside the file, leave the finding gone; may be empty. */
  commands: readonly string[];
  /** Further places of the same mistake. */
  related: readonly ReportPlace[];
}

export interface ReportIgnored extends ReportPlace {
  rule: string;
  severity: 'error' | 'warning' | 'info';
}

/** Counted from 1, columns in UTF-16 code units; null where the value came from no file. */
export interface ReportPlace {
  file: string | null;
  line: number | null;
  column: number | null;
  endLine: number | null;
  /** Just after the last character. */
  endColumn: number | null;
  /** The whole path in the file, `root` included. */
  path: string;
}
