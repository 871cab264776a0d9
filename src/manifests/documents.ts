import type { Span } from '../values/yaml/node.ts';

const BYTE_ORDER_MARK = '\ufeff';
const MARK = '---';

/**
 * Splits rendered manifests into documents as Kubernetes' clients do: at each line that begins with `---`, before any
 * YAML is read. In a value such a line is always indented.
 * @param text all manifests
 * @returns the documents in order, as offsets in UTF-16 units, without the `---` and a leading byte-order mark
 */
export function* cutManifests(text: string): Generator<Span, void, void> {
  let start = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
  if (text.startsWith(MARK, start)) start += MARK.length;
  for (;;) {
    const end = text.indexOf(`\n${MARK}`, start);
    if (end < 0) break;
    yield { start, end: end + 1 };
    start = end + 1 + MARK.length;
  }
  yield { start, end: text.length };
}
