import type { Material } from '../x509/material.ts';

/** What was found to look into, and where. */
export interface Found {
  /** The file's name, `<stdin>`, or `Secret NAMESPACE/NAME`; untrusted text. */
  name: string;
  source: 'values' | 'file' | 'secret';
  /** Null where neither a certificate nor a key is there to follow. */
  material: Material | null;
  diagnostics: readonly Diagnostic[];
  /** What to do about the troubles, for people. */
  help: string;
}

/** Something wrong that shows itself while certificates are looked for. Not a verdict: that is what `lint` gives. */
export interface Diagnostic {
  /** One sentence without a full stop; safe to show. */
  message: string;
  /** Whether something could therefore not be read at all. */
  isUnread: boolean;
}
