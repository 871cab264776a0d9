/** Lines to paste that print one of the two values, alike on Linux and macOS. */
const ENCODE = {
  crt: "cat leaf.crt intermediate.crt root.crt | base64 | tr -d '\\n'",
  key: "base64 < leaf.key | tr -d '\\n'",
} as const;

export function encodeCommand(value: 'crt' | 'key'): string {
  return ENCODE[value];
}
