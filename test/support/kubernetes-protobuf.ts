/** A Secret as Helm's client sends it: protocol buffers after the four bytes `k8s\0`. */
export interface SentSecret {
  metadata: { name: string; labels: Record<string, string> };
  type: string;
  /** Base64, as in JSON. */
  data: Record<string, string>;
}

type Fields = Map<number, Buffer[]>;

/**
 * Reads a Secret in Kubernetes' encoding.
 * @see k8s.io/api/core/v1/generated.proto (Secret), k8s.io/apimachinery (Unknown, ObjectMeta)
 */
export function readSecretMessage(body: Buffer): SentSecret {
  const unknown = fieldsOf(body.subarray(4));
  const secret = fieldsOf(one(unknown, 2));
  const metadata = fieldsOf(one(secret, 1));
  const text = (entry: [string, Buffer]): [string, string] => [entry[0], entry[1].toString()];
  const base64 = (entry: [string, Buffer]): [string, string] => [entry[0], entry[1].toString('base64')];
  return {
    metadata: {
      name: one(metadata, 1).toString(),
      labels: Object.fromEntries(entriesOf(metadata, 11).map(text)),
    },
    type: one(secret, 3).toString(),
    data: Object.fromEntries(entriesOf(secret, 2).map(base64)),
  };
}

function entriesOf(fields: Fields, number: number): [string, Buffer][] {
  return (fields.get(number) ?? []).map((entry) => {
    const pair = fieldsOf(entry);
    return [one(pair, 1).toString(), one(pair, 2)];
  });
}

function one(fields: Fields, number: number): Buffer {
  return fields.get(number)?.[0] ?? Buffer.alloc(0);
}

/** The fields of a message that have a length; of others only the number is passed over. */
function fieldsOf(message: Buffer): Fields {
  const fields: Fields = new Map();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const wire = tag & 7;
    if (wire === 2) {
      const length = varint();
      const number = tag >> 3;
      fields.set(number, [...(fields.get(number) ?? []), message.subarray(at, at + length)]);
      at += length;
    } else if (wire === 0) varint();
    else at += wire === 1 ? 8 : 4;
  }
  return fields;
}
