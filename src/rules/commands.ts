/** The files of a chain as one, each ended by a line break, which `cat` leaves to chance. */
export const JOIN_CHAIN = 'awk 1 leaf.crt intermediate.crt root.crt';

const FILES = { crt: JOIN_CHAIN, key: 'cat leaf.key' } as const;

/** A line to paste that prints one of the two values, alike on Linux and macOS. */
export function encodeCommand(value: 'crt' | 'key'): string {
  return `${FILES[value]} | base64 | tr -d '\\n'`;
}

/** Likewise, from one file. */
export function encodeFile(file: string): string {
  return `base64 < ${file} | tr -d '\\n'`;
}
